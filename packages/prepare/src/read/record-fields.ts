/**
 * Where the fields of a record stand in a buffer, whether they were found there or put there.
 *
 * @module
 */

/** The fields of one record, as `RecordParser` finds them; they are overwritten by the next. */
export interface RecordFields {
  /** Positions of the fields; for quoted ones of what is inside the quotes. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Facts of each, out of `flag`. */
  readonly flags: Uint8Array
  /** All flags of the record together. */
  readonly any: number
  /** Where the record starts, and where its content ends, before a line end. */
  readonly start: number
  readonly contentEnd: number
}
