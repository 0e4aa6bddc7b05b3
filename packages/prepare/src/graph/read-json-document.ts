/**
 * A JSON document with a list of nodes and one of relationships.
 *
 * @module
 */
import { parseExactly } from '../json/exact-json.ts'
import type { SourceFile } from '../read/plain-file.ts'
import type { DocumentContext } from './document-text.ts'
import { DamagedGraphFileError } from './graph-errors.ts'
import { type GraphItem, nodeOf, relationshipOf } from './graph-item.ts'
import type { GraphTables } from './graph-tables.ts'
import { readJsonLists } from './read-json-lists.ts'
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
  const { rows, whole } = await readJsonLists(source, tables, context, ({ list, text, line }) => {
    if (!ofNodes.has(list) && !ofRelationships.has(list)) return 0
    takeItem(itemIn(list, text), { file, line, text }, tables)
    return 1
  })
  if (whole !== undefined) tellUnread(file, whole.names, context)
  return rows
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
