/**
 * A row that is left out, as it is written down.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { cutText, storableText } from '@sluice/model'
import { likelyFields } from './physical-lines.ts'
import type { RecordFields } from './record-fields.ts'
import type { BadRow } from './record-sink.ts'

const longestText = 500

export function badRow(
  facts: Pick<BadRow, 'file' | 'line' | 'column' | 'reason'>,
  text: string,
  separator: string,
): BadRow {
  return {
    ...facts,
    text: cutText(storableText(text), longestText),
    fields: likelyFields(text, separator),
  }
}

/** The text of the record found last. */
export function textOf(buffer: Uint8Array, { start, contentEnd }: RecordFields): string {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).toString('utf8', start, contentEnd)
}
