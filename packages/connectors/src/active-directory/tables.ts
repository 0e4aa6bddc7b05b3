/**
 * The tables that an export has to write, and what has to be asked for them.
 *
 * @module
 */
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { DirectoryTable } from '../directory/options.ts'
import { filterOf } from '../directory/read-entries.ts'
import type { Forest, Place } from './domain.ts'
import { attributeOf, isId } from './linked-names.ts'
import { comparableName } from './naming-contexts.ts'
import type { ActiveDirectoryOptions } from './options.ts'
import { refuseUnknown, type Schema } from './schema.ts'

export interface WantedTable {
  readonly name: string
  readonly file: string
  readonly table: DirectoryTable
  /** As mappings name them. */
  readonly columns: readonly string[]
  /** What has to be asked for to fill them; without the names of entries, which come anyway. */
  readonly attributes: readonly string[]
  readonly places: readonly Place[]
  /** What it is a reading of: a cookie means nothing for another. */
  readonly search: string
}

const ofEntry: ReadonlySet<string> = new Set(['dn', 'parentdn'])

export function wantedTables(
  { tables }: ActiveDirectoryOptions,
  { wanted }: Pick<ExportContext, 'wanted'>,
  forest: Forest,
): readonly WantedTable[] {
  return wanted.flatMap(({ file, columns }) => {
    const name = file.replace(/\.csv$/, '')
    const table = tables[name]
    if (table === undefined) return []
    const places = forest.placesOf(table)
    const bases = places.map(({ base }) => comparableName(base))
    const search = JSON.stringify([bases, table.scope ?? 'subtree', filterOf(table), table.links ?? ''])
    return [{ name, file, table, columns, attributes: attributesOf(columns, table), places, search }]
  })
}

function attributesOf(columns: readonly string[], { links }: DirectoryTable): readonly string[] {
  const own = columns.filter((column) => !ofEntry.has(column.toLowerCase())).map(attributeOf)
  return [...new Set([...own, ...(links === undefined ? [] : [links])])]
}

/** Throws where a mapping reads what the directory does not have; sentences about what changes do not tell of. */
export function checkColumns(tables: readonly WantedTable[], schema: Schema): void {
  for (const { file, attributes, columns } of tables) {
    refuseUnknown(schema, file, attributes)
    for (const column of columns.filter(isId)) {
      const attribute = attributeOf(column)
      if (schema.size === 0 || schema.get(attribute.toLowerCase())?.names === true) continue
      throw new ManagedSystemError(
        `The values of ${attribute} name no entries, so ${file} cannot have "${column}".`,
        {
          remedy: 'Read the attribute itself.',
        },
      )
    }
  }
}

/** Whether changes of the table can be told row by row: of links by the ids of both ends, which outlive renaming. */
export function isFollowed({ table: { links }, columns }: WantedTable, schema: Schema): boolean {
  if (links === undefined) return true
  const names = columns.map((column) => column.toLowerCase())
  const both = names.includes('objectguid') && names.includes(`${links.toLowerCase()}.objectguid`)
  return both && schema.get(links.toLowerCase())?.forward === true
}

/** Of a deleted entry the server tells nothing else. */
export function refuseWithoutId({ file, columns }: WantedTable): void {
  if (columns.some((name) => name.toLowerCase() === 'objectguid')) return
  throw new ManagedSystemError(
    `No mapping reads objectGUID of ${file}, and of a deleted entry the server tells nothing else.`,
    { remedy: 'Make objectGUID the key of the mapping, or write changes: compare.' },
  )
}

/** What an incremental does not see of these tables, in sentences. */
export function unseenOf(tables: readonly WantedTable[], schema: Schema): readonly string[] {
  return tables.flatMap(({ file, attributes, table }) => {
    const read = [...attributes, ...attributesIn(filterOf(table))]
    const unseen = [...new Set(read)].filter((name) => isUnseen(schema, name))
    if (unseen.length === 0) return []
    return [
      `${file}: ${unseen.join(', ')} can change without a change of the entry, which only a complete finds.`,
    ]
  })
}

/** Not replicated, as each server knows it anyway: a renamed entry is told. */
const everywhere: ReadonlySet<string> = new Set(['objectguid', 'distinguishedname'])

function isUnseen(schema: Schema, attribute: string): boolean {
  const name = attribute.toLowerCase()
  return !everywhere.has(name) && schema.get(name)?.followed === false
}

/** Attributes that a filter asks about. */
export function attributesIn(filter: string): readonly string[] {
  return [...filter.matchAll(/\(([A-Za-z][\w-]*)(?=[;:~<>=])/g)].map(([, name = '']) => name)
}
