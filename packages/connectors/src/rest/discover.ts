/**
 * What a system holds: the columns of its tables, as the first records show them.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { type Look, lookAtTables } from './look-at-tables.ts'
import type { Manifest, RestTable } from './options.ts'
import { SeenColumns } from './seen-columns.ts'

/** @param written What stands below `tables` of the options, by table; nothing where the connector has it by itself. */
export async function discover(
  manifest: Manifest,
  context: ConnectorContext,
  written: Readonly<Record<string, object>> = {},
): Promise<Discovered> {
  const looks = await lookAtTables(manifest, context)
  const columns = new Map(looks.map((look) => [look.name, columnsOf(look)]))
  const notes = looks.flatMap((look) => notesOf(look))
  const read = looks.filter(({ failure }) => failure === undefined)
  const found = read.filter(({ name }) => (columns.get(name) ?? []).length > 0)
  return {
    tables: found.map((look) => ({ ...tableOf(look, columns), options: { ...written[look.name] } })),
    notes,
  }
}

type Columns = ReadonlyMap<string, readonly DiscoveredColumn[]>

function tableOf({ name, table, total }: Look, columns: Columns): Omit<DiscoveredTable, 'options'> {
  const own = (columns.get(name) ?? []).map((column) => referring(column, table, columns))
  const [from, to, ...others] = own
  const links = from?.references !== undefined && to?.references !== undefined && others.length === 0
  return {
    file: `${name}.csv`,
    name,
    kind: links ? 'links' : 'entities',
    columns: own,
    rows: total,
  }
}

function referring(
  column: DiscoveredColumn,
  { references = {} }: RestTable,
  columns: Columns,
): DiscoveredColumn {
  const target = Object.hasOwn(references, column.name) ? (references[column.name] ?? '') : ''
  const key = columns.get(target)?.find((one) => one.key === true)
  return key === undefined ? column : { ...column, references: { file: `${target}.csv`, column: key.name } }
}

function columnsOf({ table, records }: Look): readonly DiscoveredColumn[] {
  const named = Object.keys(table.columns ?? {})
  const seen = new SeenColumns(records)
  // Rows of values, and of records below others, have the columns that somebody chose for them.
  const found =
    table.each !== undefined || (table.for !== undefined && named.length > 0) ? [] : seen.columns()
  const key =
    table.key ?? ['id', 'ID', 'Id', 'key', 'uid'].find((usual) => found.some(({ name }) => name === usual))
  const own = named.map((name) => ({ name, type: 'text' as const }))
  return [...own, ...found.filter(({ name }) => !named.includes(name))].map((column) =>
    column.name === key ? { ...column, key: true as const } : column,
  )
}

function notesOf({ name, table, records, whole, failure }: Look): readonly string[] {
  if (failure !== undefined) return [`${name} cannot be read: ${failure.message}`]
  const lists = table.each === undefined && table.for === undefined ? new SeenColumns(records).lists() : []
  return [
    ...(whole || records.length === 0 || table.columns !== undefined
      ? []
      : [`Only ${records.length} records of ${name} were looked at; others may have further columns.`]),
    ...(records.length === 0 ? [`${name} has no records, so its columns are not known.`] : []),
    ...lists.map(
      (list) =>
        `${name} holds lists at "${list}": a table with each: ${list} has a row for each of their values.`,
    ),
  ]
}
