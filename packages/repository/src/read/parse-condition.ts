/**
 * The written form of a condition: `salary>=1000`, `name~smith`, `mail is null`.
 *
 * @module
 */
import { ConditionError } from './read-errors.ts'
import type { AnyOf, Condition, Operator } from './read-types.ts'

const form =
  /^\s*(?<property>[A-Za-z][A-Za-z0-9_]*)\s*(?:(?<operator>!=|<=|>=|=|<|>|~)(?<value>[\s\S]*)|\s(?<nullTest>is(?:\s+not)?\s+null)\s*)$/i

/** ` or ` counts where a condition follows: a value may hold it, too. */
const alternative = /\s+or\s+(?=[A-Za-z][A-Za-z0-9_]*(?:\s*[=<>~]|\s*!=|\s+is\s+(?:not\s+)?null\b))/i

/** One condition, or several with `or` between them. */
export function parseAlternatives(text: string): Condition | AnyOf {
  const [only, ...others] = text.split(alternative)
  if (only === undefined || others.length === 0) return parseCondition(text)
  return { anyOf: [only, ...others].map(parseCondition) }
}

/** The value is everything behind the operator, as it stands. */
export function parseCondition(text: string): Condition {
  const parts = form.exec(text)?.groups
  if (!parts?.['property']) throw new ConditionError(text, 'it is not of the form property, operator, value')
  const { property, nullTest, operator, value = '' } = parts
  if (nullTest) return { property, operator: /not/i.test(nullTest) ? 'is not null' : 'is null' }
  return { property, operator: toOperator(text, operator), value }
}

function toOperator(text: string, written: string | undefined): Operator {
  switch (written) {
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '~':
      return written
    default:
      throw new ConditionError(text, 'it has no operator')
  }
}
