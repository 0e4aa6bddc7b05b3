/**
 * The written form of a condition: `salary>=1000`, `name~smith`, `mail is null`.
 *
 * @module
 */
import { ConditionError } from './read-errors.ts'
import type { Condition, Operator } from './read-types.ts'

const form =
  /^\s*(?<property>[A-Za-z][A-Za-z0-9_]*)\s*(?:(?<operator>!=|<=|>=|=|<|>|~)(?<value>[\s\S]*)|\s(?<nullTest>is(?:\s+not)?\s+null)\s*)$/i

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
