/**
 * References of resources that the run does not deliver, whose target arrives, goes, or is renamed.
 *
 * A target that arrives takes up the references that were waiting for it, in this very run. One that
 * goes, or answers to another value, leaves them waiting again: the source still says it, nobody answers
 * to it. So what is stored follows from what the sources say, not from the order in which they said it.
 *
 * @module
 */
import type { EntityMapping, ReferenceProperty, Source } from '@sluice/model'
import { columnOf, identifier, literal } from '@sluice/repository'
import { type ChangeTables, entityChangeTable } from '../terms/change-tables.ts'
import { becomingLookup, type Moving, withMoving } from '../terms/lookups.ts'
import { changeOrphanReferences } from '../terms/orphan-changes.ts'
import {
  columnNames,
  entityTypeOf,
  mappingsOf,
  propertyOf,
  replicasOf,
  type SourceIds,
  tableOf,
  type Work,
} from '../terms/work.ts'
import { createWorkTable, dropWorkTables, workTable } from '../terms/work-tables.ts'

/** One reference property as one source fills it. */
interface FilledReference {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: EntityMapping
  readonly property: ReferenceProperty
  readonly by: string
}

/**
 * Looks up again what names a value that moves; rows of this run's own files were decided before, and so
 * were those of types that were loaded straight.
 */
export async function resolveReferencesElsewhere(
  work: Work,
  tables: ChangeTables,
  sourceIds: SourceIds,
): Promise<void> {
  for (const reference of filledReferences(work, sourceIds)) {
    if (tables.loaded.has(reference.mapping.entityType)) continue
    const { property, by } = reference
    await withMoving(work, tables, property.to, by, (moving) => lookUpAgain(work, tables, reference, moving))
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

async function lookUpAgain(
  work: Work,
  tables: ChangeTables,
  reference: FilledReference,
  moving: Moving,
): Promise<void> {
  const { property, sourceId } = reference
  const type = reference.mapping.entityType
  const affected = workTable(work, 'affected', type)
  const about = `w.entity_type = ${literal(type)} and w.property = ${literal(property.name)}`
  const count = await createWorkTable(
    work,
    affected,
    `select w.resource_id, w.value from sluice_orphan_reference w
    where w.source_id = ${sourceId} and ${about} and w.value in (select value from ${moving.values})
      and ${undecided(work, tables, reference, 'w.resource_id')}
    union all
    select o.resource_id, m.value from ${moving.resources} m
    join ${tableOf(type)} o on o.${identifier(columnOf(property))} = m.resource_id
    where ${heldBy(work, reference)} and ${undecided(work, tables, reference, 'o.resource_id')}`,
  )
  if (count > 0) {
    await work.session.execute(`analyze ${affected}`)
    const lookup = becomingLookup(work, tables, property.to, reference.by, `select value from ${affected}`)
    const found = `from ${affected} a left join ${lookup} l on l.value = a.value`
    await point(work, tables, reference, `select a.resource_id, l.resource_id as target ${found}`)
    await changeOrphanReferences(
      work,
      `select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value ${found}
      join sluice_orphan_reference w on w.resource_id = a.resource_id where ${about} and l.resource_id is not null`,
    )
    await changeOrphanReferences(
      work,
      `select 'insert', ${sourceId}, ${literal(type)}, a.resource_id, ${literal(property.name)}, a.value ${found}
      where l.resource_id is null and a.value is not null
        and not exists (select from sluice_orphan_reference w where w.resource_id = a.resource_id and ${about})`,
    )
  }
  await dropWorkTables(work, [affected])
}

/** SQL condition: neither this run's own rows nor a deletion has decided about the resource. */
function undecided(work: Work, tables: ChangeTables, reference: FilledReference, id: string): string {
  const own = reference.source.name === work.source.name
  const attached = own ? tables.attached.get(reference.mapping.name) : undefined
  const change = tables.entities.get(reference.mapping.entityType)
  const conditions = [
    ...(attached === undefined ? [] : [`not exists (select from ${attached} d where d.resource_id = ${id})`]),
    ...(change === undefined
      ? []
      : [`not exists (select from ${change} d where d.resource_id = ${id} and d._operation = 'delete')`]),
  ]
  return conditions.length === 0 ? 'true' : conditions.join(' and ')
}

/** SQL condition: the resource `o` is the source's; where it is the only one to fill the type, all are. */
function heldBy(work: Work, { source, mapping }: FilledReference): string {
  if (mappingsOf(work.configuration, mapping.entityType).length === 1) return 'true'
  return `exists (select from ${replicasOf(source.name, mapping.entityType)} r where r.resource_id = o.resource_id)`
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
  const change = await entityChangeTable(work, tables, type.name)
  const names = columnNames(type)
  await work.session.execute(`insert into ${change} (_operation, resource_id, _key, _base_xid, _base_place${names.map((name) => `, ${identifier(name)}`).join('')})
    select 'same', o.resource_id, r.key, o.xmin, o.ctid${names.map((name) => `, o.${identifier(name)}`).join('')}
    from (${targets}) t
    join ${tableOf(type.name)} o on o.resource_id = t.resource_id
    left join ${replicasOf(reference.source.name, type.name)} r on r.resource_id = o.resource_id
    where not exists (select from ${change} c where c.resource_id = o.resource_id)`)
  await work.session.execute(`update ${change} c set ${identifier(column)} = t.target,
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    from (${targets}) t where t.resource_id = c.resource_id and c._operation <> 'delete'
      and c.${identifier(column)} is distinct from t.target`)
}
