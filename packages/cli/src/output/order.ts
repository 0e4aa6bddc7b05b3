/**
 * What an order says, as people read it.
 *
 * @module
 */
import { type OrderRecord, printable } from '@sluice/model'
import { cut, quoteValue } from './display-value.ts'
import { formatInstant } from './quantities.ts'

/**
 * `R-17: ad, Person 1007: title should be "Director" and is "Engineer": pending, due 2026-12-01 00:00:00`,
 * `R-19: ad, Membership 1007 → Admins: should exist and is not there: pending`
 */
export function describeOrder(record: OrderRecord, width: number): string {
  const { order, source, entityType, association, state, dueAt } = record
  const due = dueAt === null || state !== 'pending' ? '' : `, due ${formatInstant(dueAt)}`
  const about = `${printable(order)}: ${source}, ${entityType ?? association} ${printable(nameOfOrdered(record))}`
  return cut(`${about}: ${whatIsOrdered(record)}: ${state}${due}`, width)
}

/** The key of a row, `1007 → Admins` of a link. */
export function nameOfOrdered({ key, to }: Pick<OrderRecord, 'key' | 'to'>): string {
  return to === null ? key : `${key} → ${to}`
}

/** `title should be "Director" and is "Engineer"` */
function whatIsOrdered({ property, expected, asserted, instead, there }: OrderRecord): string {
  if (property !== null) {
    const now = there ? quoteValue(asserted) : 'not there'
    return `${property} should be ${quoteValue(expected)} and is ${now}`
  }
  const should = expected === 'gone' ? 'should not exist' : 'should exist'
  return instead === null
    ? `${should} and ${there ? 'does' : 'does not'}`
    : `${should}; instead there is ${quoteValue(instead)}`
}
