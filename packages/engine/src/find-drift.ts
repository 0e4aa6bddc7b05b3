/**
 * Drift: what a complete changes although the source has not changed it since the last delivery.
 *
 * The agent says what changed since its reference, as an incremental would have. Where that reference is what was
 * applied last, everything else in the change set is something that the deliveries before had missed, or that
 * another hand did to the repository. Such changes are marked, so that a person can list them.
 *
 * @module
 */
import type { ChangeCounts, Drift, MappingDrift } from '@sluice/model'
import { type AssociationMapping, columnsOfAssociationMapping } from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { literal } from '@sluice/repository'
import { appliedDelivery } from './mark-applied.ts'
import type { EntityWork } from './run-entities.ts'
import { type Delivered, stageDelta } from './stage-delivered-file.ts'
import type { ChangeTables } from './terms/change-tables.ts'
import { linkShape } from './terms/link-shape.ts'
import { becomingLookup } from './terms/lookups.ts'
import { countOf, replicasOf, tableOf, type Work } from './terms/work.ts'
import { workTable } from './terms/work-tables.ts'

type Since = NonNullable<Manifest['since']>

const none: ChangeCounts = { inserted: 0, updated: 0, deleted: 0 }

/** `null` where it cannot be told: nothing says what changed, or it builds on something else than what is stored. */
export async function findDrift(
  work: Work,
  tables: ChangeTables,
  delivered: Delivered,
  entities: readonly EntityWork[],
): Promise<Drift | null> {
  const { since } = delivered.manifest
  if (since === undefined || work.mode !== 'complete') return null
  const applied = await appliedDelivery(work.session, work.sourceId)
  const { entities: mapped, associations } = work.source
  const files = new Set(since.files.map(({ mapping }) => mapping))
  const whole = [...mapped, ...associations].every(({ name }) => files.has(name))
  if (applied !== since.base || !whole) return null
  const drift = { base: since.base, entities: [] as MappingDrift[], associations: [] as MappingDrift[] }
  for (const entity of entities) {
    const said = await stageSince(
      work,
      delivered,
      since,
      entity.shape.mapping.name,
      entity.shape.columns.length,
    )
    drift.entities.push({
      mapping: entity.shape.mapping.name,
      changes: await entityDrift(work, tables, entity, said),
    })
  }
  for (const mapping of associations) {
    const columns = columnsOfAssociationMapping(mapping).length
    const said = await stageSince(work, delivered, since, mapping.name, columns)
    drift.associations.push({ mapping: mapping.name, changes: await linkDrift(work, tables, mapping, said) })
  }
  return drift
}

/** Table of the rows that the source has changed. */
async function stageSince(
  work: Work,
  delivered: Delivered,
  since: Since,
  mapping: string,
  columns: number,
): Promise<string> {
  const table = workTable(work, 'since', mapping)
  const file = since.files.find((candidate) => candidate.mapping === mapping)
  if (file === undefined) throw new Error(`There is no delta of ${mapping}.`)
  await stageDelta(work, delivered, table, file, columns)
  await work.session.execute(`analyze ${table}`)
  return table
}

async function entityDrift(
  work: Work,
  tables: ChangeTables,
  { shape, attached, loaded }: EntityWork,
  said: string,
): Promise<ChangeCounts> {
  const unsaid = (key: string) => `not exists (select from ${said} d where d.${shape.key} = ${key})`
  if (loaded !== undefined) {
    const replicas = replicasOf(work.source.name, shape.type.name)
    return { ...none, inserted: await countOf(work.session, `${replicas} r where ${unsaid('r.key')}`) }
  }
  const change = tables.entities.get(shape.type.name)
  if (change === undefined) return none
  // Only rows of the source: a reference that resolves differently because its target changed is no drift.
  const own = attached === undefined ? 'false' : `c.resource_id in (select resource_id from ${attached})`
  return await markDrift(work, change, `${unsaid('c._key')} and (c._operation <> 'update' or ${own})`)
}

/**
 * Links with an end that the run changes are left out: they may follow from that. So are pairs that waited for an
 * end until now.
 */
async function linkDrift(
  work: Work,
  tables: ChangeTables,
  mapping: AssociationMapping,
  said: string,
): Promise<ChangeCounts> {
  const links = tables.links.get(`${work.source.name}.${mapping.association}`)
  if (links === undefined) return none
  const { association, from, to } = linkShape(work.model, mapping)
  const resolved = (end: 'from' | 'to', staged: string) =>
    becomingLookup(work, tables, association[end], mapping[end].by, `select ${staged} from ${said}`)
  const pairs = `select f.resource_id as from_id, t.resource_id as to_id from ${said} d
    join ${resolved('from', from)} f on f.value = d.${from} join ${resolved('to', to)} t on t.value = d.${to}`
  const changed = [...tables.entities.values()].map(
    (table) =>
      `c.from_id in (select resource_id from ${table}) or c.to_id in (select resource_id from ${table})`,
  )
  const loaded = [...tables.loaded].map(
    (type) =>
      `c.from_id in (select resource_id from ${tableOf(type)}) or c.to_id in (select resource_id from ${tableOf(type)})`,
  )
  const follows = [...changed, ...loaded].map((condition) => `and not (${condition})`).join(' ')
  const desired = workTable(work, 'desired', mapping.name)
  const waited = `select from ${desired} w join sluice_orphan_link o on o.source_id = ${work.sourceId}
    and o.association = ${literal(mapping.association)} and o.from_value = w._from_value and o.to_value = w._to_value
    where w.from_id = c.from_id and w.to_id = c.to_id`
  return await markDrift(
    work,
    links.table,
    `not exists (select from (${pairs}) p where p.from_id = c.from_id and p.to_id = c.to_id)
     ${follows} and not (c._operation = 'insert' and exists (${waited}))`,
  )
}

/** Marks the changes `c` as drift that fulfil the SQL condition, and counts them. */
async function markDrift(work: Work, change: string, condition: string): Promise<ChangeCounts> {
  const { rows } = await work.session.query<{ operation: string; count: string }>(
    `with marked as (update ${change} c set _drift = true where ${condition} returning c._operation)
     select _operation as operation, count(*) as count from marked group by _operation`,
  )
  const of = (operation: string) => Number(rows.find((row) => row.operation === operation)?.count ?? 0)
  return { inserted: of('insert'), updated: of('update'), deleted: of('delete') }
}
