/**
 * A table of which each row is a node; columns that name other nodes are its relationships to them.
 *
 * @module
 */
import {
  type ColumnAttribute,
  columnsOfGraphTable,
  type GraphReference,
  mappingsFedBy,
  type NamedBy,
  type NodeTable,
  nodesMapping,
  qualifiedId,
  relationshipsMapping,
} from '@sluice/model'
import type { SourceFile } from '../read/plain-file.ts'
import type { BadRow, RowTrouble } from '../read/record-sink.ts'
import { isStorable } from './attributes.ts'
import { attributesIn, attributesOfRow } from './column-attributes.ts'
import type { DocumentContext } from './document-text.ts'
import type { GraphTables } from './graph-tables.ts'
import { type RowTaker, scanTable, type TextRow } from './scan-table.ts'

/** Rows that were read. */
export async function readNodeTable(
  input: NodeTable,
  parts: readonly SourceFile[],
  tables: GraphTables,
  context: DocumentContext,
): Promise<number> {
  const rows = { mapping: nodesMapping, parts, format: input.format, wanted: columnsOfGraphTable(input) }
  return await scanTable(rows, new NodeRows(input, tables), context)
}

/** Templates and bodies know a node by it, so a table that has none gets its id. */
const keyAttribute = 'key'

class NodeRows implements RowTaker {
  readonly #input: NodeTable
  readonly #tables: GraphTables
  #attributes: readonly ColumnAttribute[] = []

  constructor(input: NodeTable, tables: GraphTables) {
    this.#input = input
    this.#tables = tables
  }

  begin(columns: readonly string[]): void {
    const { attributes, kind, destroyed, id, isQualified } = this.#input
    // What is qualified is not in the row as it is: the column says something of its own.
    const own = isQualified ? [] : id
    const taken = new Set([...own, ...namedColumns(kind), ...namedColumns(destroyed)])
    this.#attributes = attributesIn(attributes, columns, taken)
  }

  row(row: TextRow): RowTrouble | undefined {
    const kind = textBy(row, this.#input.kind)
    if (kind === '') return { column: columnBy(this.#input.kind), reason: 'the node has no kind' }
    const id = this.#idOf(row, kind)
    const destroyed = destroyedIn(textBy(row, this.#input.destroyed))
    if (destroyed === undefined)
      return { column: columnBy(this.#input.destroyed), reason: 'it is neither true nor false' }
    if (!isStorable(id) || !isStorable(kind)) return { column: null, reason: 'it holds half a character' }
    const hasKey = this.#attributes.some(({ name }) => name === keyAttribute)
    const attributes = attributesOfRow(row, this.#attributes, hasKey ? [] : [[keyAttribute, id]])
    if (typeof attributes !== 'string') return attributes
    const node = { id, kind, attributes, destroyed }
    const tooLong = this.#tables.whyTooLong(node)
    if (tooLong !== undefined) return { column: null, reason: tooLong }
    this.#tables.node(node)
    if (id !== '') for (const reference of this.#input.references) this.#relate(row, id, reference)
    return undefined
  }

  #idOf(row: TextRow, kind: string): string {
    const values = this.#input.id.map((column) => row.text(column))
    if (values.some((value) => value === '')) return ''
    return this.#input.isQualified ? qualifiedId(kind, values) : values.join('')
  }

  #relate(row: TextRow, from: string, { columns, to, relationship, role, toRole }: GraphReference): void {
    const values = columns.map((column) => row.text(column))
    if (values.some((value) => value === '')) return
    this.#tables.relationship({
      from,
      fromRole: role,
      kind: relationship,
      toRole,
      to: qualifiedId(to, values),
      attributes: '{}',
    })
  }

  /** Of a row that cannot be read nobody knows which of its fields its id is, and to what it is related. */
  reject(row: BadRow): void {
    const { isQualified, id, kind } = this.#input
    const qualified =
      isQualified && 'text' in kind ? row.fields.map((field) => qualifiedId(kind.text, [field])) : []
    const node: BadRow = { ...row, fields: [...row.fields, ...qualified] }
    this.#tables.reject([nodesMapping], id.length > 1 ? { ...node, anyKey: true } : node)
    if (mappingsFedBy(this.#input).includes(relationshipsMapping))
      this.#tables.reject([relationshipsMapping], { ...row, anyKey: true })
  }

  drain(): Promise<void> {
    return this.#tables.drain()
  }
}

export function textBy(row: TextRow, by: NamedBy | undefined): string {
  if (by === undefined) return ''
  return 'text' in by ? by.text : row.text(by.column)
}

export function columnBy(by: NamedBy | undefined): string | null {
  return by !== undefined && 'column' in by ? by.column : null
}

export function namedColumns(by: NamedBy | undefined): readonly string[] {
  return by !== undefined && 'column' in by ? [by.column] : []
}

function destroyedIn(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (word === '' || word === 'false') return false
  return word === 'true' ? true : undefined
}
