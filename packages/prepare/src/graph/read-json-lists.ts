/**
 * The lists of a JSON document, item by item.
 *
 * @module
 */
import { longestSourceRecord } from '@sluice/model'
import { type JsonItem, JsonItems, JsonTrouble } from '../json/json-items.ts'
import { CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { type DocumentContext, openDocument } from './document-text.ts'
import { DamagedGraphFileError } from './graph-errors.ts'
import type { GraphTables } from './graph-tables.ts'

export interface ReadLists {
  /** As `take` has counted them. */
  readonly rows: number
  /** What else stands in the document; `undefined` when it was not read to its end, because as many rows as are looked at were there. */
  readonly whole: Pick<JsonItems, 'names' | 'texts'> | undefined
}

/** @param take How many rows an item has come to. */
export async function readJsonLists(
  source: SourceFile,
  tables: GraphTables,
  context: DocumentContext,
  take: (item: JsonItem) => number,
): Promise<ReadLists> {
  const { mostRows = Number.POSITIVE_INFINITY } = context
  const document = await openDocument(source, context)
  const longest = longestSourceRecord(context.settings.maximumFieldSize)
  const found = new JsonItems(longest)
  let rows = 0
  try {
    for await (const chunk of document.chunks) {
      for (const item of found.add(chunk)) {
        rows += take(item)
        if (rows >= mostRows) return { rows, whole: undefined }
      }
      await tables.drain()
    }
    found.finish()
  } catch (error) {
    throw error instanceof JsonTrouble ? asPrepareError(error, source.name, longest) : error
  }
  return { rows, whole: found }
}

function asPrepareError({ kind, line, message }: JsonTrouble, file: string, longest: number): Error {
  if (kind === 'cut off') return new CutOffFileError(file, line, message)
  if (kind === 'too long') return new LineTooLongError(file, line, longest)
  return new DamagedGraphFileError(file, line, `is not a JSON document: ${message}`)
}
