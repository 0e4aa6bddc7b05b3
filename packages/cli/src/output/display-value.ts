/**
 * Values of the repository as text on a terminal.
 *
 * Data of other systems must never command the terminal: escape sequences, line breaks and
 * direction marks are shown as what they are.
 *
 * @module
 */
import { printable } from '@sluice/model'
import stringWidth from 'string-width'

/** The value as one printable line; the empty text stands for a value that is absent. */
export function displayValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return printable(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`
  return printable(JSON.stringify(value) ?? '')
}

/** The value in a sentence: text in quotes, absent as `(none)`. */
export function quoteValue(value: unknown, width = 60): string {
  if (value === null || value === undefined) return '(none)'
  const text = cut(displayValue(value), width)
  return typeof value === 'string' ? `"${text}"` : text
}

/** Cuts text that takes more columns than `width`, and shows that it did. */
export function cut(text: string, width: number): string {
  // A character takes two columns at most, so short text needs no measuring.
  if (text.length * 2 <= width || stringWidth(text) <= width) return text
  let kept = ''
  let columns = 0
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    columns += stringWidth(segment)
    if (columns > width - 1) break
    kept += segment
  }
  return width > 0 ? `${kept}…` : ''
}
