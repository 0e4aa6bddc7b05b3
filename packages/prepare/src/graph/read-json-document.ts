/**
 * A JSON document with a list of nodes and one of relationships.
 *
 * @module
 */
import { longestSourceRecord } from '@sluice/model'
import { CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { type DocumentContext, openDocument } from './document-text.ts'
import { parseExactly } from './exact-json.ts'
import { DamagedGraphFileError } from './graph-errors.ts'
import { type GraphItem, nodeOf, relationshipOf } from './graph-item.ts'
import type { GraphTables } from './graph-tables.ts'
import { JsonItems, JsonTrouble } from './json-items.ts'
import { takeItem } from './take-item.ts'

const ofNodes = new Set(['nodes'])
const ofRelationships = new Set(['rels', 'relationships', 'edges'])

/** Items of both lists. */
export async function readJsonDocument(
  source: SourceFile,
  tables: GraphTables,
  context: DocumentContext,
): Promise<number> {
  const { name: file } = source
  const document = await openDocument(source, context)
  const longest = longestSourceRecord(context.settings.maximumFieldSize)
  const found = new JsonItems(longest)
  let items = 0
  try {
    for await (const chunk of document.chunks) {
      for (const { list, text, line } of found.add(chunk)) {
        if (!ofNodes.has(list) && !ofRelationships.has(list)) continue
        items++
        takeItem(itemIn(list, text), { file, line, text }, tables)
        if (items === context.mostRows) return items
      }
      await tables.drain()
    }
    found.finish()
  } catch (error) {
    throw error instanceof JsonTrouble ? asPrepareError(error, file, longest) : error
  }
  tellUnread(file, found.names, context)
  return items
}

function asPrepareError({ kind, line, message }: JsonTrouble, file: string, longest: number): Error {
  if (kind === 'cut off') return new CutOffFileError(file, line, message)
  if (kind === 'too long') return new LineTooLongError(file, line, longest)
  return new DamagedGraphFileError(file, line, `is not a JSON document: ${message}`)
}

function tellUnread(file: string, names: ReadonlySet<string>, { note }: DocumentContext): void {
  const known = [...names].filter((name) => ofNodes.has(name) || ofRelationships.has(name))
  if (known.length === 0) {
    const list = [...names].map((name) => `"${name}"`).join(', ')
    throw new DamagedGraphFileError(
      file,
      undefined,
      `has no list "nodes" and none of relationships; it has ${list || 'nothing'}`,
    )
  }
  const others = [...names].filter((name) => !known.includes(name))
  if (others.length > 0) note(`Of ${file} this is not read: ${others.join(', ')}.`)
}

function itemIn(list: string, text: string): GraphItem {
  const isNode = ofNodes.has(list)
  try {
    const value = parseExactly(text)
    return isNode
      ? { type: 'node', row: nodeOf(value) }
      : { type: 'relationship', row: relationshipOf(value) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const row = { reason: `it is not valid JSON: ${error.message}`, column: null, keys: undefined }
    return { type: isNode ? 'node' : 'relationship', row }
  }
}
