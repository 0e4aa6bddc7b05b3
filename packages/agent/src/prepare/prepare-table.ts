/**
 * Prepares all mappings of one table.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { carefulWay } from './careful-way.ts'
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
  const table = await openTable(sources, format, projections, context)
  const subject = projections.map(({ mapping }) => mapping).join(', ')
  const totalBytes = table.files.reduce((sum, { plain }) => sum + plain.size, 0)
  context.progress.begin(subject, totalBytes)
  const prepared = await carefulWay(table, projections, context)
  for (const source of sources) await checkUnchanged(source)
  context.progress.done(Math.max(...prepared.map(({ read }) => read)))
  return prepared
}
