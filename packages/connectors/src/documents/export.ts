/**
 * Exports files: all that they hold, or what is new since last time.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { openPlace } from '../places/open-place.ts'
import type { PlacedFile } from '../places/place.ts'
import { type FoundTable, findTables, newerChanges } from './found-table.ts'
import { requireMarker } from './marker.ts'
import type { FilesOptions } from './options.ts'
import { writeNothing } from './pass-on.ts'
import { areTheSame, readMark, searchOf, type TableMark, versionsOf, writeMark } from './read-mark.ts'
import { type Writing, writeChanges, writeWhole } from './write-table.ts'

/** What is to be written of a table. */
type Plan =
  | { readonly what: 'all' }
  | { readonly what: 'nothing' }
  | { readonly what: 'changes'; readonly files: readonly PlacedFile[] }

export async function exportTables(
  options: FilesOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  await using place = await openPlace(options, context)
  await using folder = new TemporaryFolder('sluice-documents-')
  await requireMarker(place, options.marker)
  const found = await findTables(place, options, context)
  const mark = await readMark(context)
  const plans = new Map(
    found.map((table) => [table, planOf(table, mark?.tables[table.name], searchOf(options, table))]),
  )
  // A file of changes says nothing without what came before it.
  const startsOver =
    context.mode === 'incremental' &&
    found.some((table) => hasCommands(table) && plans.get(table)?.what === 'all')
  const writing = { place, context, folder, separator: options.separator ?? '|' }
  const notes: string[] = []
  const marks: Record<string, TableMark> = {}
  for (const table of found) {
    const plan: Plan = startsOver ? { what: 'all' } : (plans.get(table) ?? { what: 'all' })
    notes.push(...(await write(writing, table, plan)))
    marks[table.name] = markOf(table, plan, searchOf(options, table))
  }
  await writeMark(context, marks)
  return {
    complete: true,
    ...(startsOver ? { mode: 'complete' as const } : {}),
    ...(notes.length === 0 ? {} : { note: notes.join(' ').slice(0, 2000) }),
  }
}

/** Changes of LDIF are laid over all entries; those of other formats are commands. */
function hasCommands({ table, kind }: FoundTable): boolean {
  return table.changes !== undefined && kind !== 'ldif'
}

function planOf(found: FoundTable, before: TableMark | undefined, search: string): Plan {
  if (before === undefined || before.search !== search || !areTheSame(found.files, before.files))
    return { what: 'all' }
  if (hasCommands(found)) {
    const files = found.changes.filter(
      ({ name, version }) => version === undefined || before.changes[name] !== version,
    )
    return files.length === 0 ? { what: 'nothing' } : { what: 'changes', files }
  }
  return areTheSame(found.changes, before.changes) ? { what: 'nothing' } : { what: 'all' }
}

async function write(writing: Writing, table: FoundTable, plan: Plan): Promise<readonly string[]> {
  const { context } = writing
  switch (plan.what) {
    case 'changes':
      return writeChanges(writing, table, plan.files)
    case 'nothing':
      if (table.kind !== 'csv') await context.table(table.file, ['command', ...table.columns])
      else if (!(await writeNothing(context, table))) return writeAgain(writing, table)
      return []
    case 'all': {
      const notes = await writeWhole(writing, table)
      const later = hasCommands(table) ? newerChanges(table).length : 0
      if (later === 0) return notes
      return [
        ...notes,
        `${table.file}: files of changes that are newer (${later}) come with the next incremental.`,
      ]
    }
  }
}

/** Commands that are applied twice do no harm, and neither does a file that is compared once more. */
async function writeAgain(writing: Writing, table: FoundTable): Promise<readonly string[]> {
  const last = table.changes.at(-1)
  return hasCommands(table) && last !== undefined
    ? writeChanges(writing, table, [last])
    : writeWhole(writing, table)
}

function markOf(table: FoundTable, { what }: Plan, search: string): TableMark {
  const newer = what === 'all' && hasCommands(table) ? newerChanges(table) : []
  const read = table.changes.filter((file) => !newer.includes(file))
  return { search, files: versionsOf(table.files), changes: versionsOf(read) }
}
