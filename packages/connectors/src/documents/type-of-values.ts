/**
 * What a column seems to hold, from some of its values.
 *
 * @module
 */
import type { DiscoveredColumn } from '../contract/discovered.ts'

const patterns: readonly (readonly [DiscoveredColumn['type'], RegExp])[] = [
  ['boolean', /^(true|false)$/],
  // What begins with a nought is the name of something.
  ['integer', /^(0|-?[1-9]\d{0,17})$/],
  ['decimal', /^-?(0|[1-9]\d*)(\.\d+)?$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['datetime', /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/],
]

export function typeOfValues(values: readonly (string | undefined)[]): DiscoveredColumn['type'] {
  const some = values.filter((value) => value !== undefined && value !== '')
  if (some.length === 0) return 'text'
  return patterns.find(([, pattern]) => some.every((value) => pattern.test(value ?? '')))?.[0] ?? 'text'
}
