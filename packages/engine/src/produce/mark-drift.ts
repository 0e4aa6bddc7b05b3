/**
 * Drift: what a complete changes although the source has not changed it since the last delivery.
 *
 * The agent says what changed since its reference, as an incremental would have. Where that reference is what was
 * applied last, everything else in the change set is something that the deliveries before had missed, or that
 * an external write did to the repository. Such changes are marked, so that a person can list them.
 *
 * @module
 */
import type { ChangeCounts, Drift, MappingDrift } from '@sluice/model'
import { allOf, one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { ChangedSince } from '../intake/intake.ts'
import type { Loaded } from '../resolve/first-load/load-straight.ts'
import { endKey } from '../resolve/links/filled-association.ts'
import type { ResolvedLinks } from '../resolve/links/resolve-links.ts'
import type { Attached } from '../rows/entity-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { End } from '../sql/link-shape.ts'
import { lookupAfterRun } from '../sql/lookups.ts'
import { orphanLinks, replicasOf, resourcesOf } from '../sql/tables.ts'
import { appliedDelivery } from './chain.ts'

const none: ChangeCounts = { inserted: 0, updated: 0, deleted: 0 }

export interface Drifting {
  readonly changes: EntityChanges
  readonly attached: readonly Attached[]
  readonly loaded: readonly Loaded[]
  readonly links: readonly ResolvedLinks[]
}

/** `null` where it is not known: nothing says what changed, or it builds on something else than what is stored. */
export async function markDrift(
  part: SourcePart,
  since: ChangedSince | undefined,
  of: Drifting,
): Promise<Drift | null> {
  if (since === undefined || !part.whole) return null
  const mappings = [...part.source.entities, ...part.source.associations]
  if (!mappings.every(({ name }) => since.has(name))) return null
  if ((await appliedDelivery(part.session, part.sourceId)) !== since.base) return null
  const entities: MappingDrift[] = []
  for (const entity of [...of.attached, ...of.loaded]) {
    const delta = await stage(part, since, entity.shape)
    const changes =
      'inserted' in entity
        ? { ...none, inserted: await countNotIn(part, entity, delta) }
        : await entityDrift(part, of.changes, entity, delta)
    entities.push({ mapping: entity.shape.mapping.name, changes })
  }
  const associations: MappingDrift[] = []
  for (const links of of.links) {
    const delta = await stage(part, since, links.shape)
    associations.push({ mapping: links.shape.mapping.name, changes: await linkDrift(part, of, links, delta) })
  }
  return { base: since.base, entities: inOrder(part, entities), associations }
}

/** As the mappings are configured. */
function inOrder({ source }: SourcePart, drifts: readonly MappingDrift[]): readonly MappingDrift[] {
  return source.entities.flatMap(({ name }) => drifts.filter(({ mapping }) => mapping === name))
}

async function stage(
  part: SourcePart,
  since: ChangedSince,
  shape: Parameters<ChangedSince['stage']>[1],
): Promise<Table> {
  const table = await since.stage(part, shape)
  await run(part.session, analyze(table))
  return table
}

function notIn({ key }: EntityShape, delta: Table, of: SQL): SQL {
  return sql`not exists (select from ${delta} s where s.${key} = ${of})`
}

async function countNotIn({ session, source }: SourcePart, { shape }: Loaded, delta: Table): Promise<number> {
  const counted = statement<{ count: number }>(
    `produce/count-loaded-drift ${shape.mapping.name}`,
    sql`select count(*)::int as count from ${replicasOf(source.name, shape.type.name)} r where ${notIn(shape, delta, sql`r.key`)}`,
  )
  return (await one(session, counted)).count
}

async function entityDrift(
  part: SourcePart,
  { tables }: EntityChanges,
  { shape, attached }: Attached,
  delta: Table,
): Promise<ChangeCounts> {
  const table = tables.get(shape.type.name)
  if (table === undefined) return none
  // Only rows of the source: a reference that resolves differently because its target changed is no drift.
  const own =
    attached === undefined ? sql.false : sql`c.resource_id in (select _resource_id from ${attached})`
  const condition = sql`${notIn(shape, delta, sql`c._key`)} and (c._operation <> 'update' or ${own})`
  return await mark(part, shape.mapping.name, table, condition)
}

/**
 * Links with an end that the run changes are left out: they may follow from that. So are pairs that waited for an
 * end until now.
 */
async function linkDrift(
  part: SourcePart,
  { changes }: Drifting,
  { shape, pairs, changes: { filled, table } }: ResolvedLinks,
  delta: Table,
): Promise<ChangeCounts> {
  const found = (end: End) =>
    lookupAfterRun(part, changes, endKey(filled, end), sql`select ${shape[end]} from ${delta}`)
  const named = sql`select from ${delta} s
    join ${found('from')} f on f.value = s.${shape.from} join ${found('to')} t on t.value = s.${shape.to}
    where f.resource_id = c.from_id and t.resource_id = c.to_id`
  const changed: SQL[] = [...changes.tables.values(), ...[...changes.loaded].map(resourcesOf)].map(
    (of) =>
      sql`not (c.from_id in (select resource_id from ${of}) or c.to_id in (select resource_id from ${of}))`,
  )
  const waited = sql`select from ${pairs} p join ${orphanLinks} w on w.source_id = ${sql.literal(part.sourceId)}
    and w.association = ${sql.literal(filled.association.name)} and w.from_value = p._from_value and w.to_value = p._to_value
    where p.from_id = c.from_id and p.to_id = c.to_id`
  const condition = allOf([
    sql`not exists (${named})`,
    ...changed,
    sql`not (c._operation = 'insert' and exists (${waited}))`,
  ])
  return await mark(part, shape.mapping.name, table, condition)
}

/** Marks the changes `c` as drift that fulfil the condition, and counts them. */
async function mark(
  { session }: SourcePart,
  mapping: string,
  changes: Table,
  condition: SQL,
): Promise<ChangeCounts> {
  const { rows } = await run(session, markRows(mapping, changes, condition))
  const of = (operation: string) => Number(rows.find((row) => row.operation === operation)?.count ?? 0)
  return { inserted: of('insert'), updated: of('update'), deleted: of('delete') }
}

function markRows(
  mapping: string,
  changes: Table,
  condition: SQL,
): Statement<{ operation: string; count: string }> {
  return statement(
    `produce/mark-drift ${mapping}`,
    sql`with marked as (update ${changes} c set _drift = true where ${condition} returning c._operation)
     select _operation as operation, count(*) as count from marked group by _operation`,
  )
}
