/**
 * Finding resources by the value of a property, as the repository will be when the run is applied.
 *
 * A reference may name a resource that this very run inserts, and must not find one that it deletes;
 * so a lookup reads the stored rows with the change set laid over them.
 *
 * @module
 */
import { columnsOfEntityMapping, keyColumnOf } from '@sluice/model'
import { columnOf, identifier } from '@sluice/repository'
import type { ChangeTables } from './change-tables.ts'
import { entityTypeOf, familyNames, propertyOf, replicasOf, tableOf, type Work } from './work.ts'
import { createWorkTable, dropWorkTables, workTable } from './work-tables.ts'

/** SQL text of a property's value in the form in which sources name it; `row` is an alias. */
export function lookupValue(work: Work, entityType: string, by: string, row: string): string {
  const property = propertyOf(entityTypeOf(work.model, entityType), by)
  const column = `${row}.${identifier(columnOf(property))}`
  return ['string', 'text', 'enum'].includes(property.type) ? column : `${column}::text`
}

/**
 * SQL subquery (value, resource_id) over the whole family of `entityType` as it becomes. Two
 * resources with one value make it ambiguous: its resource_id is null, as if there were none.
 * `needed` is a SQL query of the values that are looked for.
 */
export function becomingLookup(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  needed: string,
): string {
  const parts = familyNames(work.model, entityType).map((name) => becomingRows(work, tables, name, by))
  if (parts.length === 0) return '(select null::text as value, null::bigint as resource_id where false)'
  return `(
    select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
    from (${parts.join(' union all ')}) x
    where x.value in (${needed})
    group by x.value)`
}

function becomingRows(work: Work, tables: ChangeTables, entityType: string, by: string): string {
  const value = (row: string) => lookupValue(work, entityType, by, row)
  const stored = `select ${value('o')} as value, o.resource_id from ${tableOf(entityType)} o`
  const changes = tables.entities.get(entityType)
  if (changes === undefined) return stored
  return `${stored} where not exists (select from ${changes} c where c.resource_id = o.resource_id)
    union all select ${value('c')}, c.resource_id from ${changes} c where c._operation <> 'delete'`
}

/** As `becomingLookup`, of the repository as it was before the run. */
export function storedLookup(work: Work, entityType: string, by: string, needed: string): string {
  const parts = familyNames(work.model, entityType).map(
    (name) =>
      `select ${lookupValue(work, name, by, 'o')} as value, o.resource_id from ${tableOf(name)} o
       where ${lookupValue(work, name, by, 'o')} in (${needed})`,
  )
  return parts.length === 0
    ? '(select null::text as value, null::bigint as resource_id where false)'
    : `(${parts.join(' union all ')})`
}

/** What a run makes resolve differently: tables, dropped when they have been used. */
export interface Moving {
  /** value: what resources answer to from now on, or no longer. */
  readonly values: string
  /** resource_id, value: stored resources that answered to one of them, or are gone without a trace. */
  readonly resources: string
}

/**
 * Finds the values of `by` that name somebody else after the run than before, and hands them to `use`;
 * does nothing when there are none.
 */
export async function withMoving(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  use: (moving: Moving) => Promise<void>,
): Promise<void> {
  const names = familyNames(work.model, entityType)
  const moved = names.flatMap((name) => movedValues(work, tables, name, by, names.length === 1))
  if (moved.length === 0) return
  const values = workTable(work, 'moving', `${entityType}_${by}`)
  const count = await createWorkTable(
    work,
    values,
    `select distinct x.value from (${moved.join(' union all ')}) x where x.value is not null`,
  )
  const resources = workTable(work, 'moved', `${entityType}_${by}`)
  const stored = names.flatMap((name) => movedResources(work, tables, name, by, values))
  if (stored.length === 0) stored.push('select null::bigint as resource_id, null::text as value where false')
  await work.session.execute(`analyze ${values}`)
  const found = await createWorkTable(work, resources, stored.join(' union all '))
  if (count + found > 0) {
    await work.session.execute(`analyze ${resources}`)
    await use({ values, resources })
  }
  await dropWorkTables(work, [values, resources])
}

function movedValues(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  alone: boolean,
): readonly string[] {
  if (tables.loaded.has(entityType)) {
    const value = lookupValue(work, entityType, by, 'o')
    // Nothing was stored, so only those who wait are concerned; unless another type answers to the value, too.
    const awaited = alone ? `where ${value} in (${waitingValues})` : ''
    return [`select ${value} as value from ${tableOf(entityType)} o ${awaited}`]
  }
  const changes = tables.entities.get(entityType)
  if (changes === undefined) return []
  const was = lookupValue(work, entityType, by, 'o')
  const becomes = lookupValue(work, entityType, by, 'c')
  const both = `from ${changes} c left join ${tableOf(entityType)} o on o.resource_id = c.resource_id`
  // The value of a row that another hand edited is nobody's word: what was resolved by the source's stands.
  const repaired = repairedResources(work, tables, entityType)
  const repairs = repaired === undefined ? '' : `left join (${repaired}) p on p.resource_id = c.resource_id`
  const believed = repaired === undefined ? '' : 'and p.resource_id is null'
  // An incremental says itself which rows name something else after a renaming.
  const renamed = work.mode === 'incremental' ? '' : `or (${was} is distinct from ${becomes} ${believed})`
  return [
    `select ${becomes} as value ${both} where c._operation <> 'delete' and ${was} is distinct from ${becomes}`,
    `select ${was} as value ${both} ${repairs} where c._operation = 'delete' ${renamed}`,
  ]
}

const waitingValues = `select value from sluice_orphan_reference
  union all select from_value from sluice_orphan_link union all select to_value from sluice_orphan_link`

function movedResources(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  values: string,
): readonly string[] {
  // Nobody points at a resource that was loaded a moment ago but those who have looked it up.
  if (tables.loaded.has(entityType)) return []
  const table = tableOf(entityType)
  const value = lookupValue(work, entityType, by, 'o')
  const answered = `select o.resource_id, ${value} as value from ${table} o where ${value} in (select value from ${values})`
  const changes = tables.entities.get(entityType)
  if (changes === undefined) return [answered]
  const repaired = repairedResources(work, tables, entityType)
  // What another hand had it answer to, and it does not any more, nobody has resolved by.
  const stored =
    repaired === undefined
      ? answered
      : `${answered} and not exists (select from ${changes} c join (${repaired}) p on p.resource_id = c.resource_id
          where c.resource_id = o.resource_id and ${lookupValue(work, entityType, by, 'c')} is distinct from ${value})`
  const isKey = work.source.entities.some(
    (mapping) => mapping.entityType === entityType && mapping.key === by,
  )
  return [
    stored,
    `select c.resource_id, ${isKey ? 'c._key' : 'null'} from ${changes} c where c._operation = 'delete'
     and not exists (select from ${table} o where o.resource_id = c.resource_id)`,
  ]
}

/** SQL query of the resources of whose rows the source says what it said last time. */
function repairedResources(work: Work, tables: ChangeTables, entityType: string): string | undefined {
  const mapping = work.source.entities.find((candidate) => candidate.entityType === entityType)
  const attached = mapping && tables.attached.get(mapping.name)
  if (mapping === undefined || attached === undefined) return undefined
  const key = `c${columnsOfEntityMapping(mapping).indexOf(keyColumnOf(mapping)) + 1}`
  return `select a.resource_id from ${attached} a join ${replicasOf(work.source.name, entityType)} r
    on r.key = a.${key} and r.digest = a.digest`
}
