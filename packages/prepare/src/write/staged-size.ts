/**
 * How many bytes a row takes where the server stages it: as texts, all in one row of PostgreSQL.
 *
 * @module
 */
import { longestInline, longestRow, movedOut, rowTooLong, wideFrom } from '@sluice/model'
import type { RecordFields } from '../read/record-fields.ts'

/** What a row of PostgreSQL begins with, but for its map of absent values. */
const rowHeader = 32

/** Why the row with the fields in these places of the record cannot be staged. */
export function tooLong(record: RecordFields, fields: readonly number[]): string | undefined {
  if (fields.length < wideFrom) return undefined
  const size = stagedSize(record, fields)
  return size > longestRow ? rowTooLong(size) : undefined
}

function stagedSize(record: RecordFields, fields: readonly number[]): number {
  let size = rowHeader + (fields.length >> 3)
  for (const field of fields) {
    const length = (record.ends[field] ?? 0) - (record.starts[field] ?? 0)
    if (length > 0) size += length > longestInline ? movedOut : length + 1
  }
  return size
}
