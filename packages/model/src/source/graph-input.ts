/**
 * Where the nodes and relationships of a graph source come from: files of nodes and relationships, or tables whose rows are
 * nodes and whose references are relationships.
 *
 * @module
 */
import type { FileChoice, FileFormat } from './source.ts'

/** How a file of nodes and relationships is written, or which discovery tool has written it. */
export const graphForms = [
  'jsonLines',
  'json',
  'graphml',
  'kubernetes',
  'netbox',
  'inventory',
  'facts',
  'dpkg',
] as const
export type GraphForm = (typeof graphForms)[number]

/** What texts of a column are taken for; `json`: a value as JSON writes it. */
export const columnTypes = ['text', 'number', 'boolean', 'list', 'json'] as const
export type ColumnType = (typeof columnTypes)[number]

export type GraphInput = GraphDocument | NodeTable | RelationshipTable

/** Nodes and relationships in one file, or in a folder of part files. */
export interface GraphDocument extends FileChoice {
  readonly type: 'document'
  /** Relative to the source's folder; may be a pattern, as in a mapping. */
  readonly file: string
  /** By the name of each file when absent. */
  readonly form: GraphForm | undefined
}

interface GraphTable extends FileChoice {
  readonly file: string
  readonly format: FileFormat
  /** Columns that are attributes; `undefined`: all of which nothing else is said. */
  readonly attributes: readonly ColumnAttribute[] | undefined
}

/** A row is a node. */
export interface NodeTable extends GraphTable {
  readonly type: 'nodes'
  /** The columns that name it together. */
  readonly id: readonly string[]
  readonly kind: NamedBy
  /** Other tables have other kinds, and may call theirs the same: `Host/17`. */
  readonly isQualified: boolean
  readonly destroyed: ColumnIfThere | undefined
  readonly references: readonly GraphReference[]
}

/** A row is a relationship. */
export interface RelationshipTable extends GraphTable {
  readonly type: 'relationships'
  readonly from: GraphEnd
  readonly to: GraphEnd
  readonly kind: NamedBy
  readonly fromRole: NamedBy
  readonly toRole: NamedBy
}

/** A row's columns name another node, to which it has a relationship. */
export interface GraphReference {
  readonly columns: readonly string[]
  /** Kind of the other node. */
  readonly to: string
  /** Kind of the relationship. */
  readonly relationship: string
  /** Of the node of the row. */
  readonly role: string
  /** Of the other one. */
  readonly toRole: string
}

export interface GraphEnd {
  readonly columns: readonly string[]
  /** Of a node whose id is qualified by its kind. */
  readonly kind: string | undefined
}

/** A text that is the same for all rows, or a column. */
export type NamedBy = { readonly text: string } | ColumnIfThere

export interface ColumnIfThere {
  readonly column: string
  /** Nobody has named it: a file without it leaves the value empty. */
  readonly ifThere: boolean
}

export interface ColumnAttribute {
  readonly name: string
  readonly column: string
  readonly type: ColumnType
  /** list: what stands between two entries. */
  readonly separator: string
}

/** Every column that a table has to have. */
export function columnsOfGraphTable(table: NodeTable | RelationshipTable): readonly string[] {
  const named = (by: NamedBy | undefined) =>
    by !== undefined && 'column' in by && !by.ifThere ? [by.column] : []
  const attributes = (table.attributes ?? []).map(({ column }) => column)
  const own =
    table.type === 'nodes'
      ? [
          ...table.id,
          ...named(table.kind),
          ...named(table.destroyed),
          ...table.references.flatMap(({ columns }) => columns),
        ]
      : [
          ...table.from.columns,
          ...named(table.fromRole),
          ...named(table.kind),
          ...named(table.toRole),
          ...table.to.columns,
        ]
  return [...new Set([...own, ...attributes])]
}

/** Of a node whose kind tells it from nodes of other kinds that are called the same. */
export function qualifiedId(kind: string, values: readonly string[]): string {
  const [first = '', ...others] = values
  return `${kind}/${others.length === 0 ? first : JSON.stringify(values)}`
}

/** Which of the two tables that are delivered an input may add rows to. */
export function mappingsFedBy(input: GraphInput): readonly string[] {
  if (input.type === 'document') return [nodesMapping, relationshipsMapping]
  if (input.type === 'relationships') return [relationshipsMapping]
  return input.references.length === 0 ? [nodesMapping] : [nodesMapping, relationshipsMapping]
}

/** The two tables as which a graph is delivered. */
export const nodesMapping = 'nodes'
export const relationshipsMapping = 'relationships'

const formsByExtension: Readonly<Record<string, GraphForm>> = {
  jsonl: 'jsonLines',
  ndjson: 'jsonLines',
  json: 'json',
  graphml: 'graphml',
  xml: 'graphml',
}

/** `undefined`: the name does not tell. A compressed file is named for what is in it. */
export function formOfFile(name: string): GraphForm | undefined {
  const extension = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(name)?.[1]
  return extension === undefined ? undefined : formsByExtension[extension.toLowerCase()]
}
