/**
 * Tries rows of a mapping out against what is stored.
 *
 * @module
 */
import type { RowToTest, TestedRow } from '@sluice/model'
import type { RunContext } from '../context/run-context.ts'
import { sharedPart } from '../replicas/shared-part.ts'
import { tryRows } from '../replicas/try-rows.ts'

export async function tryMappingRows(
  run: RunContext,
  of: { readonly source: string; readonly entityType: string; readonly rows: readonly RowToTest[] },
): Promise<readonly TestedRow[]> {
  const known = run.sources.get(of.source)
  if (known === undefined) throw new Error(`Source ${of.source} is not in the repository.`)
  const part = sharedPart({ ...run, source: known.source, sourceId: known.id, whole: false }, of.entityType)
  return await tryRows(part, of.rows)
}
