/**
 * JSON Lines: a node or a relationship on each line.
 *
 * @module
 */
import { linesOf } from '@sluice/files'
import { longestSourceRecord } from '@sluice/model'
import { parseExactly } from '../json/exact-json.ts'
import { CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { type DocumentContext, openDocument } from './document-text.ts'
import { type GraphItem, itemOf } from './graph-item.ts'
import type { GraphTables } from './graph-tables.ts'
import { takeItem } from './take-item.ts'

/** How many lines are looked at before rows go to disk. */
const between = 1_000

/** Lines that are not blank. */
export async function readJsonLines(
  source: SourceFile,
  tables: GraphTables,
  context: DocumentContext,
): Promise<number> {
  const { name: file } = source
  const document = await openDocument(source, context)
  const longest = longestSourceRecord(context.settings.maximumFieldSize)
  const tooLong = (line: number) => new LineTooLongError(file, line, longest)
  let line = 0
  let items = 0
  // Only at its end a file can be seen to be cut off.
  let broken: { readonly line: number; readonly reason: string } | undefined
  for await (const text of linesOf(document.chunks, { longest, tooLong })) {
    line++
    broken = undefined
    if (/^\s*$/.test(text)) continue
    items++
    const item = itemIn(text)
    if (item.type === 'neither') broken = { line, reason: item.row.reason }
    takeItem(item, { file, line, text }, tables)
    if (line % between === 0) await tables.drain()
    if (items === context.mostRows) {
      broken = undefined
      break
    }
  }
  if (broken !== undefined && !document.endsWithLineFeed())
    throw new CutOffFileError(file, broken.line, broken.reason)
  await tables.drain()
  return items
}

function itemIn(text: string): GraphItem {
  try {
    return itemOf(parseExactly(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const reason = `the line is not valid JSON: ${error.message}`
    return { type: 'neither', row: { reason, column: null, keys: undefined } }
  }
}
