/**
 * Conditions as SQL. Values are checked against the property's type first, so that a typing error
 * is told in the user's words instead of the database's.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { columnsOf, typeOf } from '../layout/layout.ts'
import { comparesAsOrdered, isIndexed, orderedAs } from '../layout/ordered.ts'
import { anyOf } from '../sql/fragments.ts'
import { type SQL, sql } from '../sql/statement.ts'
import { ConditionError, UnknownNameError } from './read-errors.ts'
import type { AnyOf, Condition, Operator } from './read-types.ts'

/** Something a condition can be about. */
export interface Comparable {
  readonly name: string
  readonly property: Property
  readonly expression: SQL
}

/** Each condition as SQL. */
export function compileConditions(
  conditions: readonly (Condition | AnyOf)[],
  comparables: readonly Comparable[],
): readonly SQL[] {
  return conditions.map((one) =>
    'anyOf' in one
      ? anyOf(one.anyOf.map((condition) => compileOne(condition, comparables)))
      : compileOne(one, comparables),
  )
}

/** Each by itself. */
export function conditionsIn(conditions: readonly (Condition | AnyOf)[]): readonly Condition[] {
  return conditions.flatMap((one) => ('anyOf' in one ? one.anyOf : [one]))
}

function compileOne(condition: Condition, comparables: readonly Comparable[]): SQL {
  const comparable = comparables.find(({ name }) => name === condition.property)
  if (!comparable) {
    const known = comparables.map(({ name }) => name)
    throw new UnknownNameError('property', condition.property, known)
  }
  return compile(condition, comparable)
}

function compile(condition: Condition, { property, expression }: Comparable): SQL {
  const { operator, value = '' } = condition
  if (operator === 'is null') return sql`${expression} is null`
  if (operator === 'is not null') return sql`${expression} is not null`
  if (property.type === 'file')
    throw problem(condition, 'a file can only be tested with is null and is not null')
  if (operator === '~') return containsFolded(sql`${expression}::text`, sql`${sql.value(value)}::text`)
  const text = checked(condition, property, value)
  // As its index has it.
  const compared =
    isIndexed(property) && comparesAsOrdered(property, text) ? orderedAs(property, expression) : expression
  return sql`${compared} ${comparisons[operator]} ${sql.value(text)}::${comparedAs(property)}`
}

/**
 * Folding case is for people: it needs their alphabets, which the collation "C" does not know, and which are several times slower. Where a text
 * has a byte for each character, both come to the same.
 */
function containsFolded(text: SQL, part: SQL): SQL {
  const sought = sql`lower(${part} collate "und-x-icu") collate "C"`
  return sql`case when octet_length(${text}) = length(${text}) then strpos(lower(${text} collate "C"), ${sought}) > 0
    else strpos(lower(${text} collate "und-x-icu") collate "C", ${sought}) > 0 end`
}

const comparisons: Readonly<Record<Exclude<Operator, '~' | 'is null' | 'is not null'>, SQL>> = {
  '=': sql`=`,
  '!=': sql`is distinct from`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
}

/** A reference is compared by what its target is called, everything else as it is stored. */
function comparedAs(property: Property): SQL {
  return typeOf(property.type === 'reference' ? { sqlType: 'text collate "C"' } : columnsOf(property)[0])
}

const forms: Readonly<
  Partial<Record<Property['type'], { readonly form: RegExp; readonly expected: string }>>
> = {
  integer: { form: /^[+-]?\d+$/, expected: 'a whole number' },
  decimal: { form: /^[+-]?(\d+(\.\d*)?|\.\d+)$/, expected: 'a number such as 12.5' },
  boolean: { form: /^(true|false)$/, expected: 'true or false' },
  date: { form: /^\d{4}-\d{2}-\d{2}$/, expected: 'a date such as 2024-01-31' },
  datetime: {
    form: /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/,
    expected: 'a time such as 2024-01-31T08:00:00Z',
  },
  uuid: { form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, expected: 'a UUID' },
}

function checked(condition: Condition, property: Property, value: string): string {
  const rule = forms[property.type]
  if (rule && !rule.form.test(value)) throw problem(condition, `"${value}" is not ${rule.expected}`)
  if (property.type === 'integer') return asInteger(condition, value)
  const isDay = property.type === 'date' || property.type === 'datetime'
  if (isDay && !dayExists(value.slice(0, 10))) throw problem(condition, `"${value}" is not on the calendar`)
  if (property.type === 'enum' && !property.values.includes(value)) {
    throw problem(condition, `"${value}" is none of ${property.values.join(', ')}`)
  }
  return value
}

/** Every integer that can be stored, and no more: whatever lies beyond has no place in a comparison. */
function asInteger(condition: Condition, value: string): string {
  const number = value.length > 100 ? undefined : BigInt(value.replace(/^\+/, ''))
  if (number === undefined || BigInt.asIntN(64, number) !== number)
    throw problem(condition, `"${value}" is too large: integers have 64 bits`)
  return String(number)
}

function dayExists(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

function problem({ property, operator, value = '' }: Condition, reason: string): ConditionError {
  return new ConditionError(`${property}${operator}${value}`, reason)
}
