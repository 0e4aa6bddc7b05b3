/**
 * Exports the tables of a database: everything, or the rows that have changed.
 *
 * @module
 */
import { millisecondsOf, suggestion } from '@sluice/model'
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { earlier, readMark, writeMark } from './change-mark.ts'
import { onlyRow, type SqlDatabase } from './database.ts'
import type { SqlOptions, SqlTable } from './options.ts'
import { fromOf } from './select.ts'

interface WantedTable {
  readonly name: string
  readonly file: string
  readonly table: SqlTable
  readonly columns: readonly string[]
  readonly from: string
}

export async function exportTables(
  database: SqlDatabase,
  { tables }: SqlOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  const wanted = context.wanted.flatMap(({ file, columns }): readonly WantedTable[] => {
    const name = file.replace(/\.csv$/, '')
    const table = tables[name]
    return table === undefined ? [] : [{ name, file, table, columns, from: fromOf(database, name, table) }]
  })
  for (const one of wanted) await requireColumns(database, one)
  const marks = await marksOf(wanted, context)
  for (const one of wanted) await writeTable({ database, context }, one, marks?.get(one))
  const blind =
    marks === undefined
      ? []
      : wanted.filter(({ table }) => table.changed !== undefined && table.deleted === undefined)
  return {
    complete: true,
    ...(context.mode === 'incremental' && marks === undefined ? { mode: 'complete' as const } : {}),
    ...(blind.length === 0
      ? {}
      : {
          note: `Deleted rows of ${blind.map(({ file }) => file).join(', ')} are not seen by a column; a complete finds them.`,
        }),
  }
}

async function requireColumns(
  database: SqlDatabase,
  { file, table, columns, from }: WantedTable,
): Promise<void> {
  const there = await database.columnsOf(`select * from ${from} where 1 = 0`)
  const needed = [...columns, table.changed, table.deleted].filter((name) => name !== undefined)
  const missing = needed.filter((name) => !there.includes(name))
  const [first] = missing
  if (first === undefined) return
  throw new ManagedSystemError(
    `${file} has no column ${missing.map((name) => `"${name}"`).join(', ')} in ${database.place}.`,
    { remedy: suggestion(first, there) ?? `It has ${there.join(', ')}.` },
  )
}

/** Only where each table that tells changes has one: otherwise everything is read. */
async function marksOf(
  wanted: readonly WantedTable[],
  context: ExportContext,
): Promise<ReadonlyMap<WantedTable, string> | undefined> {
  if (context.mode !== 'incremental') return undefined
  const marks = new Map<WantedTable, string>()
  for (const one of wanted) {
    if (one.table.changed === undefined) continue
    const since = await readMark(context, one.name, searchOf(one))
    if (since === undefined) return undefined
    marks.set(one, since)
  }
  return marks
}

function searchOf({ from, table }: WantedTable): string {
  return JSON.stringify([from, table.changed, table.deleted])
}

interface Surroundings {
  readonly database: SqlDatabase
  readonly context: ExportContext
}

async function writeTable(
  { database, context }: Surroundings,
  one: WantedTable,
  since: string | undefined,
): Promise<void> {
  const { file, columns, table, from } = one
  const { changed, deleted } = table
  const writer = await context.table(file, [...(since === undefined ? [] : ['command']), ...columns])
  const limit = changed === undefined || since === undefined ? undefined : { column: changed, value: since }
  await database.write({ from, columns, since: limit, deleted }, writer)
  if (changed !== undefined) await keepMark({ database, context }, one, { changed, since })
}

/** It is read in the same moment as the rows. */
async function keepMark(
  { database, context }: Surroundings,
  one: WantedTable,
  { changed, since }: { readonly changed: string; readonly since: string | undefined },
): Promise<void> {
  const greatest = database.textOf(`max(${database.quote(changed)})`)
  const [latest] = await onlyRow(database, `select ${greatest} from ${one.from}`)
  const overlap = millisecondsOf(one.table.overlap ?? '10m')
  const mark = latest === undefined ? since : earlier(latest, overlap)
  if (mark !== undefined) await writeMark(context, one.name, { search: searchOf(one), since: mark })
}
