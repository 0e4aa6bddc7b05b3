/**
 * `binary.*`: octets, as a text with one character each or as a list of numbers.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import { narrowed } from '../value/compare.ts'
import type { Value } from '../value/value.ts'
import { type BuiltIn, builtIn, type Given, valueAt, wrongType } from './built-in.ts'

export const binaryFunctions: Readonly<Record<string, BuiltIn>> = {
  'binary.toHexString': builtIn([1, 2], (given) => hex(octetsAt(given), separatorOf(given)), ['separator']),
  'binary.toIPv4': builtIn([1, 1], (given) => exactly(octetsAt(given), 4, 'an IPv4 address').join('.')),
  'binary.toIPv6': builtIn([1, 1], (given) => toIPv6(exactly(octetsAt(given), 16, 'an IPv6 address'))),
  'binary.toMACAddress': builtIn([1, 1], (given) => hex(exactly(octetsAt(given), 6, 'a MAC address'), ':')),
  'binary.toWWN': builtIn([1, 1], (given) => hex(octetsAt(given), ':')),
  'binary.toValue': builtIn([1, 1], (given) =>
    narrowed(octetsAt(given).reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)),
  ),
}

function separatorOf({ named, values }: Given): string {
  const separator = named.get('separator') ?? values[1] ?? ''
  if (typeof separator !== 'string') throw wrongType('text', separator)
  return separator
}

function octetsAt(given: Given): readonly number[] {
  const value = valueAt(given, 0)
  const octets = typeof value === 'string' ? [...value].map((one) => one.codePointAt(0) ?? 0) : numbers(value)
  if (octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet <= 255)) return octets
  throw new RootFailedError('TYPE', 'Octets are numbers from 0 to 255.')
}

function numbers(value: Value): readonly number[] {
  if (Array.isArray(value)) return value.map(Number)
  throw wrongType('text or list of octets', value)
}

function exactly(octets: readonly number[], count: number, what: string): readonly number[] {
  if (octets.length === count) return octets
  throw new RootFailedError('TYPE', `${what} has ${count} octets, not ${octets.length}.`)
}

function hex(octets: readonly number[], separator: string): string {
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(separator)
}

/** The longest run of zeros is left out, as RFC 5952 wants it. */
function toIPv6(octets: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i] ?? 0) * 256 + (octets[2 * i + 1] ?? 0))
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = [...text.matchAll(/\b0(?::0\b)+/g)].map(([run]) => run)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest === '' ? text : text.replace(new RegExp(`(?:^|:)\\b${longest}\\b(?::|$)`), '::')
}
