/**
 * `number.*`, `list.*`, `table(…)` and `table.*`, `json.*`, `size`, `datatype`.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import { narrowed, order, tableKey } from '../value/compare.ts'
import { isTrue, nothing, Table, typeName, type Value } from '../value/value.ts'
import {
  type BuiltIn,
  builtIn,
  type Given,
  itemsOf,
  listAt,
  numberAt,
  textAt,
  valueAt,
  wrongType,
} from './built-in.ts'

export const collectionFunctions: Readonly<Record<string, BuiltIn>> = {
  'number.toText': builtIn([1, 3], toText, ['base', 'width']),
  'number.range': builtIn([1, 1], range),
  'list.append': builtIn([2, 2], append),
  'list.sorted': builtIn([1, 1], sorted, ['reverse']),
  'table.remove': builtIn([2, 2], remove),
  table: builtIn([0, 0], ({ named }) => new Table(named), 'any'),
  'json.encode': builtIn([1, 1], (given) => JSON.stringify(encoded(valueAt(given, 0)))),
  'json.decode': builtIn([1, 1], decode),
  size: builtIn([1, 1], size),
  datatype: builtIn([1, 1], (given) => typeName(valueAt(given, 0))),
}

function toText(given: Given): Value {
  const value = valueAt(given, 0)
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType('number', value)
  const base = Number(given.named.get('base') ?? given.values[1] ?? 10)
  const width = Number(given.named.get('width') ?? given.values[2] ?? 0)
  if (!Number.isInteger(base) || base < 2 || base > 36) {
    throw new RootFailedError('TYPE', `There are no numbers to the base ${base}; it is from 2 to 36.`)
  }
  const digits = value.toString(base)
  return digits.startsWith('-') ? `-${digits.slice(1).padStart(width, '0')}` : digits.padStart(width, '0')
}

const longest = 1_000_000

function range(given: Given): Value {
  const length = Math.max(0, Math.trunc(numberAt(given, 0)))
  if (length > longest)
    throw new RootFailedError('TYPE', `A range has ${longest} numbers at most, not ${length}.`)
  return Array.from({ length }, (_, index) => index)
}

function append(given: Given): Value {
  listAt(given, 0).push(valueAt(given, 1))
  return valueAt(given, 0)
}

function sorted(given: Given): Value {
  const list = [...itemsOf(valueAt(given, 0))].sort(order)
  return isTrue(given.named.get('reverse') ?? null) ? list.reverse() : list
}

function remove(given: Given): Value {
  const table = valueAt(given, 0)
  if (!(table instanceof Table)) throw wrongType('table', table)
  table.delete(tableKey(valueAt(given, 1)))
  return null
}

function size(given: Given): Value {
  const value = valueAt(given, 0)
  if (value === null) return 0
  if (typeof value === 'string') return [...value].length
  return itemsOf(value).length
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

function encoded(value: Value): Json {
  if (value === null || value === nothing) return null
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(encoded)
  if (value instanceof Table)
    return Object.fromEntries([...value].map(([key, one]) => [String(key), encoded(one)]))
  if (typeof value === 'object') throw wrongType('text, number, list or table', value)
  return value
}

function decode(given: Given): Value {
  const text = textAt(given, 0)
  try {
    return decoded(JSON.parse(text, keepWhole))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RootFailedError('TYPE', `This is not valid JSON: ${error.message}.`)
  }
}

/** Numbers that a double does not hold stay as they are written. */
function keepWhole(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  const isLong = typeof value === 'number' && source !== undefined && /^-?\d{16,}$/.test(source)
  return isLong ? narrowed(BigInt(source)) : value
}

function decoded(value: unknown): Value {
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value
  if (typeof value !== 'object' || value === null) return null
  return new Table(Object.entries(value).map(([key, one]) => [key, decoded(one)]))
}
