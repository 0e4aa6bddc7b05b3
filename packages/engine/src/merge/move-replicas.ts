/**
 * Rows of sources that stood for resources that are merged stand for the ones they became.
 *
 * @module
 */
import { ownershipOf } from '@sluice/model'
import { sql, statement, type Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { noPlace } from '../sql/row-version.ts'
import { assertedOf, replicasOf } from '../sql/tables.ts'

export type MovedReplicas = Pick<ChangeSet, 'replicas' | 'statuses'>

export async function moveReplicas(
  context: RunContext,
  entityType: string,
  pairs: Table,
): Promise<MovedReplicas> {
  const { workTables, sources } = context
  const { owners, shared } = ownershipOf(sourcesByName(sources), entityType)
  const moved: MovedReplicas = { replicas: [], statuses: [] }
  for (const { source, entityType: held } of owners) {
    const replicas = replicasOf(source.name, held)
    const rows = shared
      ? sql`select 'move'::text as operation, r.key, r.revision, p.kept_id as resource_id, null::text as status, r.creator, false as attached,
          false as changed, null::jsonb as error, null::jsonb as warnings, null::jsonb as matched, null::text as outcome
        from ${replicas} r join ${pairs} p on p.merged_id = r.resource_id`
      : sql`select 'update'::text as operation, r.key, p.kept_id as resource_id, r.digest, ${noPlace} as place
        from ${replicas} r join ${pairs} p on p.merged_id = r.resource_id`
    const { table, count } = await workTables.fill(
      workTables.named('statuses', `${source.name}_${entityType}`),
      statement(`merge/move-replicas ${source.name} ${entityType}`, rows),
    )
    if (count === 0) {
      await workTables.drop([table])
      continue
    }
    const of = { source: source.name, entityType: held }
    const asserted = assertedOf(held, sources.get(source.name)?.id ?? 0).name
    if (shared) moved.statuses.push({ ...of, asserted, table: table.name })
    else moved.replicas.push({ ...of, rows: { kind: 'table', table: table.name } })
  }
  return moved
}
