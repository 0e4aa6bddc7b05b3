/**
 * Prepares all mappings of one table.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { noted } from '../state/reference.ts'
import { carefulWay } from './careful-way.ts'
import { commandColumn } from './command-column.ts'
import { candidateOf, compareWithReference, type PreparedMapping } from './compare-with-reference.ts'
import { fastWay } from './fast-way.ts'
import { openTable } from './open-table.ts'
import { passCommands } from './pass-commands.ts'
import { checkUnchanged, type SourceFile } from './plain-file.ts'
import type { Projection } from './projection.ts'
import type { OpenTable, TableContext } from './table.ts'

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
  const table = await openTable(sources, format, projections, context)
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
  if (base === undefined) {
    const sorted = await sortTable(table, projections, context)
    return sorted.map((file) => ({ file, reference: candidateOf(file) }))
  }
  // Before any work: a mapping that was never delivered in these columns has nothing to build on.
  for (const projection of projections) noted(base.state, base.reference, projection)
  const column = commandColumn(table, projections)
  if (column !== undefined) {
    const passed = await passCommands(table, column, projections, context)
    return passed.map((file) => ({ file, reference: undefined }))
  }
  const compared: PreparedMapping[] = []
  for (const file of await sortTable(table, projections, context)) {
    const projection = projections.find(({ mapping }) => mapping === file.mapping)
    if (projection !== undefined) compared.push(await compareWithReference(file, projection, base, context))
  }
  return compared
}

async function sortTable(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedFile[]> {
  const sorted: PreparedFile[] = []
  const others: Projection[] = []
  for (const projection of projections) {
    const fast = await fastWay(table, projection, context)
    if (fast === undefined) others.push(projection)
    else sorted.push(fast)
  }
  if (others.length > 0) {
    const bytes = table.files.reduce((sum, { plain }) => sum + plain.size, 0)
    context.progress.begin(namesOf(others), bytes)
    sorted.push(...(await carefulWay(table, others, context)))
  }
  return sorted
}

function namesOf(projections: readonly Projection[]): string {
  return projections.map(({ mapping }) => mapping).join(', ')
}
