/**
 * Whether a value has an end: lists and tables can hold themselves, and be held more than once.
 *
 * @module
 */
import { Table, type Value } from './value.ts'

const mostLevels = 64
const mostItems = 100_000

/** Whether it can be written down. */
export function isBounded(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return true
  return countIn(value, 0, 0) <= mostItems
}

/** The items in it and those before; more than there may be where it is nested without end. */
function countIn(value: Value, before: number, level: number): number {
  const items = Array.isArray(value) ? value : value instanceof Table ? value.values() : []
  if (level > mostLevels) return mostItems + 1
  let count = before + 1
  for (const item of items) {
    if (count > mostItems) break
    count = countIn(item, count, level + 1)
  }
  return count
}
