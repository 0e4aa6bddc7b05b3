/**
 * A field of a record as a text.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { RecordFields } from './record-fields.ts'
import { flag } from './record-parser.ts'

/** Of the record found last in `bytes`, out of its quotes. */
export function fieldText(bytes: Uint8Array, { starts, ends, flags }: RecordFields, field: number): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const text = buffer.toString('utf8', starts[field], ends[field])
  return ((flags[field] ?? 0) & flag.doubled) === 0 ? text : text.replaceAll('""', '"')
}
