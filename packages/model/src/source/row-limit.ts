/**
 * How much a row of the repository holds.
 *
 * PostgreSQL keeps a row in a page of 8 kB. Texts of more than 20 bytes can be moved out of it and leave 18; numbers and
 * times stay. So only a row of hundreds of columns can be too long, and only there anybody has to measure.
 *
 * @module
 */

/** Bytes; of 8,160, less what the tables in which a run works hold beside the row. */
export const longestRow = 8_000
/** No row with fewer columns is too long. */
export const wideFrom = 300
/** Longer texts can be moved out of the row. */
export const longestInline = 20
/** What stays of them. */
export const movedOut = 18

/** Why a row is rejected; `size` in bytes. */
export function rowTooLong(size: number | string): string {
  return `the row takes ${size} bytes in the database, where a row holds ${longestRow}; each text of more than ${longestInline} bytes counts ${movedOut}`
}
