/**
 * Prepares all mappings of one table.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { carefulWay } from './careful-way.ts'
import {
  compareWithReference,
  type PreparedMapping,
  prepareComplete,
} from './compare/compare-with-reference.ts'
import { noted } from './compare/reference.ts'
import { fastWay } from './fast-way.ts'
import { commandColumnIn } from './judge/command-column.ts'
import { openTable, refuseLacking } from './judge/open-table.ts'
import { commandsOf } from './judge/survey-commands.ts'
import { passCommands } from './pass-commands.ts'
import type { Projection } from './projection.ts'
import { checkUnchanged, type SourceFile } from './read/plain-file.ts'
import type { OpenTable } from './read/source-table.ts'
import type { IllegalRows } from './sort/illegal-rows.ts'
import { smallTable } from './sort/sort-file.ts'
import type { TableContext } from './table-context.ts'

/** The prepared files of the projections, which all read `sources`. */
export async function prepareTable(
  sources: readonly SourceFile[],
  format: FileFormat,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedMapping[]> {
  context.progress.begin(
    namesOf(projections),
    sources.reduce((sum, { size }) => sum + size, 0),
  )
  const table = await openTable(sources, format, projections, {
    ...context,
    mayLack: (header) => mayLackColumns(header, projections, context),
  })
  const prepared = await prepareOpen(table, projections, context)
  for (const source of sources) await checkUnchanged(source)
  context.progress.done(Math.max(...prepared.map(({ file }) => file.read)))
  return prepared
}

async function prepareOpen(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedMapping[]> {
  const { base } = context
  // Before any work: a mapping that was never delivered in these columns has nothing to build on.
  if (base !== undefined) for (const projection of projections) noted(base, projection)
  const commands = await commandsOf(table, projections, context)
  if (commands !== undefined) {
    const passed = await passCommands(table, commands, projections, context)
    return passed.map((file) => ({ file, reference: undefined }))
  }
  refuseLacking(table, projections)
  const prepared: PreparedMapping[] = []
  for (const { projection, file: sorted, illegal } of await sortTable(table, projections, context)) {
    const file = withRejected(sorted, context.rejectedBefore.get(sorted.mapping) ?? 0)
    prepared.push(
      base === undefined
        ? await prepareComplete(file, projection, context)
        : await compareWithReference(file, projection, base, context, illegal),
    )
  }
  return prepared
}

/** A file of changes: of what it has no column for, it says nothing. */
function mayLackColumns(
  header: readonly string[],
  projections: readonly Projection[],
  { base, commandRoles }: TableContext,
): boolean {
  if (base === undefined) return false
  const [{ file } = { file: '' }] = projections
  const of = commandRoles(file)
  return of.kind !== 'data' && commandColumnIn(header, projections, of.column).length > 0
}

/** What was rejected before is a row that was read, too. */
function withRejected(file: PreparedFile, before: number): PreparedFile {
  return { ...file, read: file.read + before, rejected: file.rejected + before }
}

interface Sorted {
  readonly projection: Projection
  readonly file: PreparedFile
  readonly illegal?: IllegalRows | undefined
}

async function sortTable(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<Sorted[]> {
  const sorted: Sorted[] = []
  const others: Projection[] = []
  const bytes = table.files.reduce((sum, { plain }) => sum + plain.size, 0)
  // The fast way knows whole files only.
  const worthIt = context.mostRows === undefined && bytes > smallTable
  for (const projection of projections) {
    const file = worthIt ? await fastWay(table, projection, context) : undefined
    if (file === undefined) others.push(projection)
    else sorted.push({ projection, file })
  }
  if (others.length > 0) {
    context.progress.begin(namesOf(others), bytes)
    for (const [index, prepared] of (await carefulWay(table, others, context)).entries()) {
      const projection = others[index]
      if (projection !== undefined) sorted.push({ projection, ...prepared })
    }
  }
  return sorted
}

function namesOf(projections: readonly Projection[]): string {
  return projections.map(({ mapping }) => mapping).join(', ')
}
