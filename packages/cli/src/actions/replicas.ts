/**
 * `sluice replicas`: what became of the rows of a source that shares its resources, and the tables they stand in.
 *
 * @module
 */
import type { ReplicaStatus } from '@sluice/model'
import type { ReplicaRecord, RepositoryReader, SharedTable } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, whole, writeRecords } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { showFound } from './show-found.ts'

export interface ReplicasFlags extends GlobalOptions, RecordFlags {
  readonly status?: readonly ReplicaStatus[]
  readonly errors?: boolean
  readonly notSeenSince?: string
  readonly table?: boolean
}

const listColumns: readonly RecordColumn[] = [
  { name: 'entityType', title: 'type' },
  { name: 'key', title: 'key' },
  { name: 'status', title: 'status' },
  { name: 'resourceId', title: 'resource', align: 'right' },
  { name: 'display', title: 'shown as' },
  { name: 'creator', title: 'creator' },
  { name: 'lastSeen', title: 'last seen (UTC)' },
  { name: 'error', title: 'error' },
  { name: 'warnings', title: 'warnings' },
]

export async function replicas(
  context: Context,
  source: string,
  type: string | undefined,
  flags: ReplicasFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  if (flags.table === true) return await showTables(context, repository, { source, type, flags })
  const { status, errors, notSeenSince } = flags
  const query = { entityType: type, status, errors, notSeenSince, limit: readLimit(flags) }
  const found = repository.replicas(source, query)
  const chosen = status !== undefined || errors === true || notSeenSince !== undefined
  await showFound(context, flags, {
    records: found,
    columns: listColumns,
    cells: shapeOf(flags) === 'json' ? whole : flat,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `${chosen ? `No replica of ${source} matches` : `${source} has no replicas yet`}.`,
  })
  return exitStatus.done
}

async function* flat(records: AsyncIterable<ReplicaRecord>): AsyncGenerator<Cells> {
  for await (const record of records) {
    const { error, warnings, lastSeen, ...others } = record
    yield {
      ...others,
      lastSeen: formatInstant(lastSeen),
      error: error === null ? null : describeFault(error),
      warnings: warnings.length === 0 ? null : warnings.map(describeFault).join('; '),
    }
  }
}

function describeFault({ code, text }: { readonly code: string; readonly text: string }): string {
  return text === '' ? code : `${code}: ${text}`
}

const tableColumns: readonly RecordColumn[] = [
  { name: 'column', title: 'column' },
  { name: 'property', title: 'property' },
  { name: 'type', title: 'type' },
]

async function showTables(
  { out }: Context,
  repository: RepositoryReader,
  of: { readonly source: string; readonly type: string | undefined; readonly flags: ReplicasFlags },
): Promise<ExitStatus> {
  const { source, type, flags } = of
  const all = await repository.sharedTables(source)
  const tables = type === undefined ? all : all.filter(({ entityType }) => entityType === type)
  const shape = shapeOf(flags)
  if (shape === 'json') {
    await out.line(JSON.stringify(tables, undefined, 2))
  } else if (shape === 'csv') {
    const named = [{ name: 'table', title: 'table' }, ...tableColumns]
    await writeRecords(out, shape, named, tables.flatMap(columnsOf))
  } else {
    for (const table of tables) {
      await out.line(out.colors.bold(`${table.schema}.${table.table}`))
      await writeRecords(out, shape, tableColumns, columnsOf(table))
    }
  }
  return exitStatus.done
}

function columnsOf({ schema, table, columns }: SharedTable): readonly Cells[] {
  return columns.map(({ name, property, type, by }) => ({
    table: `${schema}.${table}`,
    column: name,
    property: property ?? 'the key of the row',
    type: by === undefined ? type : `${type}, by ${by}`,
  }))
}
