/**
 * What a function of the language is, and how it looks at what it is given.
 *
 * @module
 */
import type { Graph } from '../graph.ts'
import { RootFailedError } from '../root-failed-error.ts'
import { Table, typeName, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'

/** What functions can know and do beyond their arguments. */
export interface FunctionContext {
  readonly graph: Graph
  /** Milliseconds since 1970. */
  now(): number
  /** Minutes by which local time is ahead of UTC. */
  readonly minutesAhead: number
  log(level: LogLevel, text: string): void
  /** A setting of the system. */
  option(name: string): Value
  mail(to: string, subject: string, text: string): void
  /** MD5 of the text in UTF-8, in hexadecimal digits. */
  md5(text: string): string
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'critical'

export interface Given {
  readonly values: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly context: FunctionContext
}

export interface BuiltIn {
  /** How many arguments without a name it takes, at least and at most. */
  readonly least: number
  readonly most: number
  /** Arguments that may be given by name; those without a name come first. `any`: all names. */
  readonly named: readonly string[] | 'any'
  call(given: Given): Value
}

/** A function of one text and others that may be left out. */
export function builtIn(
  [least, most]: readonly [number, number],
  call: (given: Given) => Value,
  named: BuiltIn['named'] = [],
): BuiltIn {
  return { least, most, named, call }
}

export function valueAt({ values }: Given, index: number): Value {
  return values[index] ?? null
}

/** Texts and numbers as text; `none` as the empty text, as BMC's functions do. */
export function textAt(given: Given, index: number): string {
  const value = valueAt(given, index)
  if (value === null) return ''
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return textOf(value)
  throw wrongType('text', value)
}

export function numberAt(given: Given, index: number): number {
  const value = valueAt(given, index)
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  throw wrongType('number', value)
}

export function listAt(given: Given, index: number): Value[] {
  const value = valueAt(given, index)
  if (Array.isArray(value)) return value
  throw wrongType('list', value)
}

/** What can be gone through: a list, or the keys of a table. */
export function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value
  if (value instanceof Table) return [...value.keys()]
  throw wrongType('list or table', value)
}

export function wrongType(wanted: string, value: Value): RootFailedError {
  return new RootFailedError('TYPE', `A ${wanted} is needed here, but this is ${typeName(value)}.`)
}
