/**
 * What has to be remembered of resources that go because they are merged into others: which became which, what they answered to, and which
 * rows of sources stood for them. Before anything is written: their own rows tell.
 *
 * @module
 */
import { canName } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, Table, unionAll } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { entityTypeOf } from '../context/run-context.ts'
import { byId, namedBy as nameOf } from '../sql/lookups.ts'
import { mergedNames, replicasOf, resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'

type MergeEntry = ChangeSet['merges'][number]

export async function rememberMerges(applying: Applying, entry: MergeEntry): Promise<void> {
  const { session } = applying
  await run(session, rememberPairs(applying, entry))
  await run(session, rememberNames(applying, entry))
  for (const source of entry.sources) await run(session, rememberReplicas(applying, entry, source))
}

function rememberPairs({ runId }: Applying, { entityType, table }: MergeEntry): Statement {
  return statement(
    `apply/remember-merges ${entityType}`,
    sql`insert into sluice_merge (merged_id, entity_type, kept_id, run_id)
    select p.merged_id, ${sql.literal(entityType)}, p.kept_id, ${sql.literal(runId)} from ${new Table(table)} p`,
  )
}

/** Of a run that is taken back; those stand of which the resource did not come back. */
export async function forgetMerges(
  { session, runId }: Applying,
  { entities }: Pick<ChangeSet, 'entities'>,
  undone: number,
): Promise<void> {
  for (const { entityType } of entities) {
    const isBack = sql`m.run_id = ${sql.literal(undone)} and m.entity_type = ${sql.literal(entityType)} and m.undone_by is null
      and exists (select from ${resourcesOf(entityType)} o where o.resource_id = m.merged_id)`
    const forgotten = sql`delete from ${mergedNames} n using sluice_merge m where ${isBack} and n.run_id = m.run_id and n.resource_id = m.kept_id`
    await run(session, statement(`apply/forget-merged-names ${entityType}`, forgotten))
    const marked = sql`update sluice_merge m set undone_by = ${sql.literal(runId)} where ${isBack}`
    await run(session, statement(`apply/undo-merges ${entityType}`, marked))
  }
}

/** Nobody is looked for by a longer text. */
const longestName = 1000

/** Of every property by which a source may look for them, now or later. */
function rememberNames(
  { model, runId }: Applying,
  { entityType, table, namedBy = [] }: MergeEntry,
): Statement {
  const keys = [
    byId,
    ...entityTypeOf(model, entityType)
      .properties.filter(canName)
      .map(({ name }) => name),
    ...namedBy,
  ]
  const pairs = new Table(table)
  const names = keys.map((by): SQL => {
    const value = nameOf({ model }, entityType, by, sql`o`)
    return sql`select ${sql.literal(by)}::text as property, ${value} as value, p.kept_id
      from ${pairs} p join ${resourcesOf(entityType)} o on o.resource_id = p.merged_id`
  })
  const earlier = sql`select n.property, n.value, p.kept_id from ${pairs} p join ${mergedNames} n on n.resource_id = p.merged_id`
  return statement(
    `apply/remember-merged-names ${entityType}`,
    sql`insert into ${mergedNames} (run_id, entity_type, property, value, resource_id)
    select distinct ${sql.literal(runId)}::bigint, ${sql.literal(entityType)}, x.property, x.value, x.kept_id
    from (${unionAll([...names, earlier])}) x where x.value is not null and length(x.value) <= ${sql.literal(longestName)}`,
  )
}

function rememberReplicas(
  { runId }: Applying,
  { entityType: merged, table, held = {} }: MergeEntry,
  source: string,
): Statement {
  const entityType = held[source] ?? merged
  return statement(
    `apply/remember-merged-replicas ${entityType}`,
    sql`insert into sluice_merged_replica (run_id, source_id, entity_type, key, resource_id)
    select ${sql.literal(runId)}, s.source_id, ${sql.literal(entityType)}, r.key, r.resource_id
    from ${new Table(table)} p join ${replicasOf(source, entityType)} r on r.resource_id = p.merged_id
    join sluice_source s on s.name = ${sql.value(source)}`,
  )
}
