/**
 * A table of which each row is a relationship.
 *
 * @module
 */
import {
  type ColumnAttribute,
  columnsOfGraphTable,
  type GraphEnd,
  qualifiedId,
  type RelationshipTable,
  relationshipsMapping,
} from '@sluice/model'
import type { SourceFile } from '../read/plain-file.ts'
import type { BadRow, RowTrouble } from '../read/record-sink.ts'
import { attributesIn, attributesOfRow } from './column-attributes.ts'
import type { DocumentContext } from './document-text.ts'
import type { GraphTables } from './graph-tables.ts'
import { columnBy, namedColumns, textBy } from './read-node-table.ts'
import { type RowTaker, scanTable, type TextRow } from './scan-table.ts'

/** Rows that were read. */
export async function readRelationshipTable(
  input: RelationshipTable,
  parts: readonly SourceFile[],
  tables: GraphTables,
  context: DocumentContext,
): Promise<number> {
  const wanted = columnsOfGraphTable(input)
  const rows = { mapping: relationshipsMapping, parts, format: input.format, wanted }
  return await scanTable(rows, new RelationshipRows(input, tables), context)
}

class RelationshipRows implements RowTaker {
  readonly #input: RelationshipTable
  readonly #tables: GraphTables
  #attributes: readonly ColumnAttribute[] = []

  constructor(input: RelationshipTable, tables: GraphTables) {
    this.#input = input
    this.#tables = tables
  }

  begin(columns: readonly string[]): void {
    const { attributes, from, to, kind, fromRole, toRole } = this.#input
    const taken = [...from.columns, ...to.columns, ...[kind, fromRole, toRole].flatMap(namedColumns)]
    this.#attributes = attributesIn(attributes, columns, new Set(taken))
  }

  row(row: TextRow): RowTrouble | undefined {
    const { from, to, kind: kindBy, fromRole, toRole } = this.#input
    const kind = textBy(row, kindBy)
    if (kind === '') return { column: columnBy(kindBy), reason: 'the relationship has no kind' }
    const attributes = attributesOfRow(row, this.#attributes)
    if (typeof attributes !== 'string') return attributes
    const relationship = {
      from: endIn(row, from),
      fromRole: textBy(row, fromRole),
      kind,
      toRole: textBy(row, toRole),
      to: endIn(row, to),
      attributes,
    }
    const tooLong = this.#tables.whyTooLong(relationship)
    if (tooLong !== undefined) return { column: null, reason: tooLong }
    this.#tables.relationship(relationship)
    return undefined
  }

  /** Which of its fields name its ends nobody knows. */
  reject(row: BadRow): void {
    this.#tables.reject([relationshipsMapping], { ...row, anyKey: true })
  }

  drain(): Promise<void> {
    return this.#tables.drain()
  }
}

function endIn(row: TextRow, { columns, kind }: GraphEnd): string {
  const values = columns.map((column) => row.text(column))
  if (values.some((value) => value === '')) return ''
  return kind === undefined ? values.join('') : qualifiedId(kind, values)
}
