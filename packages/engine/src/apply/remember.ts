/**
 * What has to be remembered of an applied change set, as it says itself: which transactions are known, how much is stored, and what
 * the repository stands for of a source. Writes nothing that is the same.
 *
 * @module
 */
import { run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { forgetOverwritten, rememberChecked, rememberOwnTransaction } from '../sql/row-version.ts'
import { resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'

export async function remember({ session }: Applying, changes: ChangeSet): Promise<void> {
  const steps = [
    ...transactionSteps(changes),
    ...countSteps(changes),
    ...(changes.stored.length === 0 ? [] : [rememberStored(changes.stored)]),
    ...(changes.source === null ? [] : sourceSteps(changes.source)),
  ]
  for (const step of steps) await run(session, step)
}

/** Before resources are written: what is updated of external rows that were compared is written as the others are. */
export async function rememberCompared({ session }: Applying, { checked }: ChangeSet): Promise<void> {
  for (const { entityType, sourceId, table } of checked) {
    const query = rememberChecked(entityType, sourceId ?? undefined, new Table(table))
    await run(session, statement(`apply/remember-checked ${entityType}`, query))
  }
}

function transactionSteps({ entities, loaded, checked, source, external }: ChangeSet): readonly Statement[] {
  const written = new Set([
    ...entities.filter(({ counts }) => counts.inserted + counts.updated > 0).map((entry) => entry.entityType),
    ...loaded.map(({ entityType }) => entityType),
  ])
  const types = new Set([...written, ...checked.map(({ entityType }) => entityType)])
  const named = (step: string, entityType: string, query: SQL) =>
    statement(`apply/${step} ${entityType}`, query)
  return [
    ...[...(external === true ? [] : written)].map((type) =>
      named('remember-own-transaction', type, rememberOwnTransaction(type)),
    ),
    // An edit, of which there are many, leaves that to the next run of a source.
    ...[...(source === null ? [] : types)].map((type) =>
      named('forget-overwritten', type, forgetOverwritten(type, resourcesOf(type))),
    ),
  ]
}

/** What was counted, and by how much the run has made that more or less, for all sources that go by it. */
function countSteps({ counted = [], entities }: ChangeSet): readonly Statement[] {
  const grown = entities
    .map(({ entityType, counts }) => ({ entityType, growth: counts.inserted - counts.deleted }))
    .filter(({ growth }) => growth !== 0)
  return [
    ...(counted.length === 0 ? [] : [rememberCounts(counted)]),
    ...(grown.length === 0 ? [] : [countGrowth(grown)]),
  ]
}

function rememberCounts(counted: NonNullable<ChangeSet['counted']>): Statement {
  return statement(
    'apply/remember-resource-counts',
    sql`insert into sluice_resource_count (source_id, entity_type, resources)
    select j."sourceId", j."entityType", j.resources
    from jsonb_to_recordset(${sql.value(JSON.stringify(counted))}::jsonb) j("sourceId" int, "entityType" text, resources bigint)
    on conflict (source_id, entity_type) do update set resources = excluded.resources
    where sluice_resource_count.resources <> excluded.resources`,
  )
}

function countGrowth(grown: readonly { readonly entityType: string; readonly growth: number }[]): Statement {
  return statement(
    'apply/count-resource-growth',
    sql`update sluice_resource_count c set resources = c.resources + j.growth
    from jsonb_to_recordset(${sql.value(JSON.stringify(grown))}::jsonb) j("entityType" text, growth bigint)
    where c.entity_type = j."entityType"`,
  )
}

function rememberStored(stored: ChangeSet['stored']): Statement {
  return statement(
    'apply/remember-stored',
    sql`insert into sluice_stored (source_id, mapping, stored, rejected)
     select source.source_id, j.mapping, coalesce(j.stored, before.stored) + j.growth, coalesce(j.rejected, before.rejected)
     from jsonb_to_recordset(${sql.value(JSON.stringify(stored))}::jsonb)
       j(source text, mapping text, stored bigint, growth bigint, rejected bigint)
     join sluice_source source on source.name = j.source
     left join sluice_stored before on before.source_id = source.source_id and before.mapping = j.mapping
     where coalesce(j.stored, before.stored) is not null
     on conflict (source_id, mapping) do update set stored = excluded.stored, rejected = excluded.rejected
     where (sluice_stored.stored, sluice_stored.rejected) <> (excluded.stored, excluded.rejected)`,
  )
}

function sourceSteps({
  sourceId,
  appliedDelivery,
  mappings,
}: NonNullable<ChangeSet['source']>): readonly Statement[] {
  const id = sql.literal(sourceId)
  const applied = statement(
    'apply/remember-delivery',
    sql`update sluice_source set applied_delivery = ${sql.value(appliedDelivery)}::uuid where source_id = ${id}`,
  )
  if (mappings.length === 0) return [applied]
  return [
    applied,
    statement(
      'apply/remember-mappings',
      sql`insert into sluice_mapping (source_id, mapping, definition)
     select ${id}, j.mapping, j.definition from jsonb_to_recordset(${sql.value(JSON.stringify(mappings))}::jsonb) j(mapping text, definition jsonb)
     on conflict (source_id, mapping) do update set definition = excluded.definition
     where sluice_mapping.definition <> excluded.definition`,
    ),
  ]
}
