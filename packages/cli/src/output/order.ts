/**
 * What an order says, as people read it.
 *
 * @module
 */
import type { OrderRecord } from '@sluice/model'
import { cut, printable, quoteValue } from './display-value.ts'
import { formatInstant } from './quantities.ts'

/** `R-17: ad, Person 1007: title should be "Director" and is "Engineer": pending, due 2026-12-01 00:00:00` */
export function describeOrder(record: OrderRecord, width: number): string {
  const { order, source, entityType, key, state, dueAt } = record
  const due = dueAt === null || state !== 'pending' ? '' : `, due ${formatInstant(dueAt)}`
  const about = `${printable(order)}: ${source}, ${entityType} ${printable(key)}`
  return cut(`${about}: ${whatIsOrdered(record)}: ${state}${due}`, width)
}

/** `title should be "Director" and is "Engineer"` */
function whatIsOrdered({ property, expected, asserted, there }: OrderRecord): string {
  if (property === null)
    return `should be ${expected === 'gone' ? 'gone' : 'there'} and is ${there ? 'there' : 'not'}`
  const now = there ? quoteValue(asserted) : 'not there'
  return `${property} should be ${quoteValue(expected)} and is ${now}`
}
