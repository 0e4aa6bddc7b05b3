/**
 * References of resources that the run does not deliver, whose target arrives or goes.
 *
 * A target that arrives takes up the references that were waiting for it, in this very run. One that
 * goes leaves them waiting again: the source still says it, nobody answers to it.
 *
 * @module
 */
import type { EntityMapping, ReferenceProperty, Source } from '@sluice/model'
import { columnOf, identifier, literal } from '@sluice/repository'
import { type ChangeTables, entityChangeTable } from '../terms/change-tables.ts'
import { arrivingRows, becomingLookup, departingRows } from '../terms/lookups.ts'
import {
  columnNames,
  entityTypeOf,
  propertyOf,
  replicasOf,
  type SourceIds,
  tableOf,
  type Work,
} from '../terms/work.ts'

/** One reference property as one source fills it. */
interface FilledReference {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: EntityMapping
  readonly property: ReferenceProperty
  readonly by: string
}

/** Changes the references elsewhere; those of rows already in the change set were decided before. */
export async function resolveReferencesElsewhere(
  work: Work,
  tables: ChangeTables,
  sourceIds: SourceIds,
): Promise<void> {
  for (const reference of filledReferences(work, sourceIds)) {
    await takeUpWaiting(work, tables, reference)
    await leaveWaiting(work, tables, reference)
  }
}

function filledReferences(work: Work, sourceIds: SourceIds): readonly FilledReference[] {
  return [...work.configuration.sources.values()].flatMap((source) =>
    source.entities.flatMap((mapping) =>
      mapping.properties.flatMap((entry): readonly FilledReference[] => {
        const property = propertyOf(entityTypeOf(work.model, mapping.entityType), entry.property)
        const sourceId = sourceIds.get(source.name)
        if (property.type !== 'reference' || entry.by === undefined || sourceId === undefined) return []
        return [{ source, sourceId, mapping, property, by: entry.by }]
      }),
    ),
  )
}

async function takeUpWaiting(work: Work, tables: ChangeTables, reference: FilledReference): Promise<void> {
  const arriving = arrivingRows(work, tables, reference.property.to, reference.by)
  if (arriving === undefined) return
  const type = reference.mapping.entityType
  const waiting = `from sluice_orphan_reference w
    join (select value, case when count(*) = 1 then min(resource_id) end as resource_id from (${arriving}) x group by value) t on t.value = w.value
    where w.source_id = ${reference.sourceId} and w.entity_type = ${literal(type)} and w.property = ${literal(reference.property.name)}
      and t.resource_id is not null
      and not exists (select from ${tables.orphanReferences} d where d.resource_id = w.resource_id and d.property = w.property)`
  await point(work, tables, reference, `select w.resource_id, t.resource_id as target ${waiting}`)
  await work.session.execute(`insert into ${tables.orphanReferences}
    select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value ${waiting}`)
}

async function leaveWaiting(work: Work, tables: ChangeTables, reference: FilledReference): Promise<void> {
  const own = reference.source.name === work.source.name
  // A type that was loaded in this run has had its references looked up a moment ago.
  if (tables.loaded.has(reference.mapping.entityType)) return
  const departing = departingRows(
    work,
    tables,
    reference.property.to,
    reference.by,
    own && work.mode !== 'incremental',
  )
  if (departing === undefined) return
  const type = reference.mapping.entityType
  const column = identifier(columnOf(reference.property))
  const change = await entityChangeTable(work, tables, type)
  const decided = own ? tables.attached.get(reference.mapping.name) : undefined
  const left = `select o.resource_id, d.value from (${departing}) d
    join ${tableOf(type)} o on o.${column} = d.resource_id
    ${decided === undefined ? '' : `where not exists (select from ${decided} a where a.resource_id = o.resource_id)`}`
  const table = `${tables.orphanReferences.slice(0, -1)}_left"`
  await work.session.execute(`create unlogged table ${table} as ${left}`)
  const lookup = becomingLookup(
    work,
    tables,
    reference.property.to,
    reference.by,
    `select value from ${table}`,
  )
  await point(
    work,
    tables,
    reference,
    `select w.resource_id, l.resource_id as target from ${table} w left join ${lookup} l on l.value = w.value`,
  )
  await work.session.execute(`insert into ${tables.orphanReferences}
    select 'insert', ${reference.sourceId}, ${literal(type)}, w.resource_id, ${literal(reference.property.name)}, w.value
    from ${table} w join ${change} c on c.resource_id = w.resource_id
    where c.${column} is null and c.operation <> 'delete' and w.value is not null`)
  await work.session.execute(`drop table ${table}`)
}

/** Sets the reference of the resources in `targets` (resource_id, target) in the change set. */
async function point(
  work: Work,
  tables: ChangeTables,
  reference: FilledReference,
  targets: string,
): Promise<void> {
  const type = entityTypeOf(work.model, reference.mapping.entityType)
  const column = columnOf(reference.property)
  if (tables.loaded.has(type.name)) {
    await work.session.execute(
      `update ${tableOf(type.name)} o set ${identifier(column)} = t.target from (${targets}) t where t.resource_id = o.resource_id`,
    )
    return
  }
  const change = await entityChangeTable(work, tables, type.name)
  const names = columnNames(type)
  await work.session.execute(`insert into ${change} (operation, resource_id, key, base_xid${names.map((name) => `, ${identifier(name)}`).join('')})
    select 'same', o.resource_id, r.key, o.xmin${names.map((name) => `, o.${identifier(name)}`).join('')}
    from (${targets}) t
    join ${tableOf(type.name)} o on o.resource_id = t.resource_id
    left join ${replicasOf(reference.source.name, type.name)} r on r.resource_id = o.resource_id
    where not exists (select from ${change} c where c.resource_id = o.resource_id)`)
  await work.session.execute(`update ${change} c set ${identifier(column)} = t.target,
      operation = case when c.operation = 'same' then 'update' else c.operation end
    from (${targets}) t where t.resource_id = c.resource_id and c.operation <> 'delete'
      and c.${identifier(column)} is distinct from t.target`)
  await work.session.execute(`delete from ${change} where operation = 'same'`)
}
