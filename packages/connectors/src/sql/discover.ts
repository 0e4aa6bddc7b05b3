/**
 * Finds the tables of a database, their keys, and what refers to what.
 *
 * @module
 */
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import type { CatalogTable, SqlDatabase } from './database.ts'

export async function discover(database: SqlDatabase): Promise<Discovered> {
  return discoveredOf(await database.catalog())
}

export function discoveredOf(catalog: readonly CatalogTable[]): Discovered {
  const fileOf = filesOf(catalog)
  const notes = catalog.flatMap((table) => noteOf(table))
  return { tables: catalog.map((table) => discovered(table, fileOf)), notes }
}

type FileOf = (table: Pick<CatalogTable, 'schema' | 'name'>) => string

/** By the name of the table alone, where no two schemas have it. */
function filesOf(catalog: readonly CatalogTable[]): FileOf {
  const names = new Map<string, number>()
  for (const { name } of catalog) names.set(name, (names.get(name) ?? 0) + 1)
  return ({ schema, name }) => {
    const whole = (names.get(name) ?? 0) > 1 && schema !== undefined ? `${schema}_${name}` : name
    return whole.replaceAll(/[^\w-]/g, '_')
  }
}

function discovered(table: CatalogTable, fileOf: FileOf): DiscoveredTable {
  const file = fileOf(table)
  return {
    file: `${file}.csv`,
    name: table.name,
    kind: isLinks(table) ? 'links' : 'entities',
    options: { table: fullName(table) },
    columns: table.columns.map((column) => columnOf(table, column, fileOf)),
    rows: table.rows,
  }
}

/** Two references that are the key, and nothing else that one would want. */
function isLinks({ key, references, columns }: CatalogTable): boolean {
  const refers = new Set(references.filter((one) => one.columns.length === 1).flatMap((one) => one.columns))
  return columns.length === 2 && key.length === 2 && key.every((name) => refers.has(name))
}

function columnOf(
  { key, references }: CatalogTable,
  { name, type }: CatalogTable['columns'][number],
  fileOf: FileOf,
): DiscoveredColumn {
  const found = references.find(({ columns }) => columns.length === 1 && columns[0] === name)
  const [to] = found?.to ?? []
  return {
    name,
    type: typeOf(type),
    ...(key.length === 1 && key[0] === name ? { key: true as const } : {}),
    ...(found === undefined || to === undefined
      ? {}
      : { references: { file: `${fileOf(found.table)}.csv`, column: to } }),
  }
}

function noteOf(table: CatalogTable): readonly string[] {
  if (isLinks(table)) return []
  if (table.key.length === 0) return [`${fullName(table)} has no key: choose a column that identifies a row.`]
  if (table.key.length === 1) return []
  return [
    `The key of ${fullName(table)} is ${table.key.join(' and ')}: join them with concat in the mapping.`,
  ]
}

function fullName({ schema, name }: Pick<CatalogTable, 'schema' | 'name'>): string {
  return [...(schema === undefined ? [] : [schema]), name].map(part).join('.')
}

function part(name: string): string {
  return name.includes('.') || name.includes('"') ? `"${name.replaceAll('"', '""')}"` : name
}

const types: readonly (readonly [RegExp, DiscoveredColumn['type']])[] = [
  [/^tinyint\(1\)|^bool|^bit(\(1\))?$/i, 'boolean'],
  [/^(tiny|small|medium|big)?int(eger|\d)?\b/i, 'integer'],
  [/^(numeric|decimal|real|double|float|money|number)/i, 'decimal'],
  [/^(timestamp|datetime)/i, 'datetime'],
  [/^date/i, 'date'],
]

export function typeOf(type: string): DiscoveredColumn['type'] {
  return types.find(([pattern]) => pattern.test(type))?.[1] ?? 'text'
}
