/**
 * `text.*` and `regex.*`.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import { narrowed } from '../value/compare.ts'
import {
  PatternError,
  type RegularExpression,
  regularExpression,
  substituted,
} from '../value/regular-expression.ts'
import type { Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { type BuiltIn, builtIn, type Given, itemsOf, numberAt, textAt, valueAt } from './built-in.ts'

export const textFunctions: Readonly<Record<string, BuiltIn>> = {
  'text.lower': builtIn([1, 1], (given) => textAt(given, 0).toLowerCase()),
  'text.upper': builtIn([1, 1], (given) => textAt(given, 0).toUpperCase()),
  'text.split': builtIn([1, 2], split),
  'text.join': builtIn([2, 2], (given) => itemsOf(valueAt(given, 0)).map(textOf).join(textAt(given, 1))),
  'text.replace': builtIn([3, 3], (given) => textAt(given, 0).split(textAt(given, 1)).join(textAt(given, 2))),
  'text.strip': builtIn([1, 2], (given) => strip(given, true, true)),
  'text.leftStrip': builtIn([1, 2], (given) => strip(given, true, false)),
  'text.rightStrip': builtIn([1, 2], (given) => strip(given, false, true)),
  'text.toNumber': builtIn([1, 2], toNumber),
  'text.hash': builtIn([1, 1], (given) => given.context.md5(textAt(given, 0))),
  'text.ordinal': builtIn([1, 1], (given) => textAt(given, 0).codePointAt(0) ?? null),
  'regex.extract': builtIn([2, 4], extract, ['no_match']),
  'regex.extractAll': builtIn([2, 2], extractAll),
}

/** Without a separator at any white space, which then gives no empty parts. */
function split(given: Given): Value {
  const text = textAt(given, 0)
  if (valueAt(given, 1) === null) return text.split(/\s+/).filter((part) => part !== '')
  const separator = textAt(given, 1)
  if (separator === '') throw new RootFailedError('TYPE', 'A text cannot be split at an empty separator.')
  return text.split(separator)
}

/** White space, or any of the characters that are given. */
function strip(given: Given, left: boolean, right: boolean): string {
  const text = [...textAt(given, 0)]
  const characters = valueAt(given, 1) === null ? undefined : new Set(textAt(given, 1))
  const goes = (character = '') =>
    characters === undefined ? /\s/.test(character) : characters.has(character)
  let start = 0
  let end = text.length
  while (left && start < end && goes(text[start])) start++
  while (right && end > start && goes(text[end - 1])) end--
  return text.slice(start, end).join('')
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyz'

function toNumber(given: Given): Value {
  const text = textAt(given, 0).trim()
  const base = given.values.length > 1 ? numberAt(given, 1) : 10
  if (base === 10 && /^[+-]?\d+\.\d+$/.test(text)) return Number(text)
  const [, sign = '', written = ''] = /^([+-]?)(?:0[xX](?=[\da-fA-F]))?(\w+)$/.exec(text) ?? []
  const usesPrefix = /^[+-]?0[xX]/.test(text)
  const values = [...written.toLowerCase()].map((digit) => digits.indexOf(digit))
  const isNumber = values.length > 0 && values.every((value) => value >= 0 && value < base)
  if (!isNumber || (usesPrefix && base !== 16)) {
    throw new RootFailedError(
      'TYPE',
      `"${text}" is not a number${base === 10 ? '' : ` to the base ${base}`}.`,
    )
  }
  const value = values.reduce((sum, digit) => sum * BigInt(base) + BigInt(digit), 0n)
  return narrowed(sign === '-' ? -value : value)
}

/** The empty text where nothing matches, unless `no_match` says what. */
function extract(given: Given): Value {
  const match = compiled(textAt(given, 1)).first(textAt(given, 0))
  if (match === undefined) return noMatch(given)
  return valueAt(given, 2) === null ? match.all : substituted(textAt(given, 2), match)
}

/** Every match: its only group, the list of its groups, or all of it where it has none. */
function extractAll(given: Given): Value {
  const matches = compiled(textAt(given, 1)).all(textAt(given, 0))
  return matches.map(({ all, groups }) => {
    if (groups.length === 0) return all
    return groups.length === 1 ? (groups[0] ?? '') : groups.map((group) => group ?? '')
  })
}

/** A regular expression that may have been made while the body runs. */
export function compiled(source: string): RegularExpression {
  try {
    return regularExpression(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new RootFailedError('REGEX', `The regular expression ${source} cannot be run: ${error.message}.`)
  }
}

function noMatch({ named, values }: Given): Value {
  return named.get('no_match') ?? values[3] ?? (named.has('no_match') ? null : '')
}
