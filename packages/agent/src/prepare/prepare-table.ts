/**
 * Prepares all mappings of one table.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { carefulWay } from './careful-way.ts'
import { fastWay } from './fast-way.ts'
import { openTable } from './open-table.ts'
import { checkUnchanged, type SourceFile } from './plain-file.ts'
import type { Projection } from './projection.ts'
import type { TableContext } from './table.ts'

/** The prepared files of the projections, which all read `sources`. */
export async function prepareTable(
  sources: readonly SourceFile[],
  format: FileFormat,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedFile[]> {
  const subject = projections.map(({ mapping }) => mapping).join(', ')
  context.progress.begin(
    subject,
    sources.reduce((sum, { size }) => sum + size, 0),
  )
  const table = await openTable(sources, format, projections, context)
  const prepared: PreparedFile[] = []
  const others: Projection[] = []
  for (const projection of projections) {
    const fast = await fastWay(table, projection, context)
    if (fast === undefined) others.push(projection)
    else prepared.push(fast)
  }
  if (others.length > 0) {
    const bytes = table.files.reduce((sum, { plain }) => sum + plain.size, 0)
    context.progress.begin(others.map(({ mapping }) => mapping).join(', '), bytes)
    prepared.push(...(await carefulWay(table, others, context)))
  }
  for (const source of sources) await checkUnchanged(source)
  context.progress.done(Math.max(...prepared.map(({ read }) => read)))
  return prepared
}
