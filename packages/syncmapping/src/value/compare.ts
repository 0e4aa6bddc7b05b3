/**
 * Equality, order and arithmetic of values.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import type { BinaryOperator } from '../tree/tree.ts'
import { Duration, nothing, Table, type TableKey, Time, typeName, type Value } from './value.ts'

/** Values of different types are never equal; lists and tables are when what they hold is. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right)
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => isEqual(value, right[index] ?? null))
  }
  if (left instanceof Table && right instanceof Table) {
    return (
      left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && isEqual(value, right.get(key) ?? null))
    )
  }
  if (left instanceof Time && right instanceof Time) return left.ticks === right.ticks
  return left instanceof Duration && right instanceof Duration && left.ticks === right.ticks
}

/** Negative: left comes first. */
export function order(left: Value, right: Value): number {
  if (Array.isArray(left) && Array.isArray(right)) return orderLists(left, right)
  const [one, other] = [rankOf(left), rankOf(right)]
  if (one === undefined || other === undefined || one.type !== other.type) {
    throw new RootFailedError('TYPE', `${typeName(left)} and ${typeName(right)} have no order.`)
  }
  if (one.rank === other.rank) return 0
  return one.rank < other.rank ? -1 : 1
}

/** What values of one type are ordered by. */
function rankOf(
  value: Value,
): { readonly type: string; readonly rank: number | bigint | string } | undefined {
  if (isNumber(value) || typeof value === 'string') return { type: typeName(value), rank: value }
  if (typeof value === 'boolean') return { type: typeName(value), rank: Number(value) }
  const isOfTime = value instanceof Time || value instanceof Duration
  return isOfTime ? { type: typeName(value), rank: value.ticks } : undefined
}

function orderLists(left: readonly Value[], right: readonly Value[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (!isEqual(value, other)) return order(value, other)
  }
  return left.length - right.length
}

export type ArithmeticOperator = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '%'>

export function calculate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (isNumber(left) && isNumber(right)) return calculateNumbers(operator, left, right)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (operator === '+' || operator === '-') {
    const time = calculateTimes(operator, left, right)
    if (time !== undefined) return time
  }
  throw new RootFailedError('TYPE', `${typeName(left)} ${operator} ${typeName(right)} means nothing.`)
}

function calculateTimes(operator: '+' | '-', left: Value, right: Value): Value | undefined {
  const sign = operator === '+' ? 1n : -1n
  if (left instanceof Time && right instanceof Duration) return new Time(left.ticks + sign * right.ticks)
  if (left instanceof Duration && right instanceof Duration)
    return new Duration(left.ticks + sign * right.ticks)
  if (operator === '+' && left instanceof Duration && right instanceof Time)
    return new Time(left.ticks + right.ticks)
  if (operator === '-' && left instanceof Time && right instanceof Time)
    return new Duration(left.ticks - right.ticks)
  return undefined
}

/** Whole numbers stay whole and exact: `7 / 2` is 3, `-7 / 2` is -4, and what does not fit a double is kept in full. */
function calculateNumbers(
  operator: ArithmeticOperator,
  left: number | bigint,
  right: number | bigint,
): Value {
  if ((operator === '/' || operator === '%') && Number(right) === 0) {
    throw new RootFailedError('DIVISION_BY_ZERO', `${left} ${operator} 0 means nothing.`)
  }
  if (!isWhole(left) || !isWhole(right)) return floats[operator](Number(left), Number(right))
  return narrowed(wholes[operator](BigInt(left), BigInt(right)))
}

const floats: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left - right * Math.floor(left / right),
}

const wholes: Readonly<Record<ArithmeticOperator, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': floored,
  '%': (left, right) => left - right * floored(left, right),
}

function floored(left: bigint, right: bigint): bigint {
  const quotient = left / right
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

/** As a number where that says it exactly. */
export function narrowed(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** What a table can be asked for. */
export function tableKey(value: Value): TableKey {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return String(value)
  if (value === null || value === nothing) return 'None'
  throw new RootFailedError('TYPE', `A table has no key of type ${typeName(value)}.`)
}
