/**
 * How long a row may be where one has to be held whole. Without a bound, a file that is one line would take all memory there is.
 *
 * @module
 */

/** Bytes that a row of a source file may have, where a field in quotes may have `maximumFieldSize`. */
export function longestSourceRecord(maximumFieldSize: number): number {
  return 4 * maximumFieldSize + (1 << 20)
}

/** The same row as prepare writes it: at most each of its characters is a quote, and written twice. */
export function longestPreparedRecord(maximumFieldSize: number): number {
  return 2 * longestSourceRecord(maximumFieldSize)
}
