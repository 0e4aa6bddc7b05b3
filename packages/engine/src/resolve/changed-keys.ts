/**
 * Changed keys: values that name another resource after the run than before it, and the stored resources that answered to one.
 *
 * Whatever refers by such a value is looked up again. Found once per run, when all entity types are laid out; nothing that comes
 * later changes them.
 *
 * @module
 */
import { run, type SQL, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { familyNames, type SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { Attached } from '../rows/entity-rows.ts'
import { type LookupKey, lookupValue } from '../sql/lookups.ts'
import { orphanLinks, orphanReferences, replicasOf, resourcesOf } from '../sql/tables.ts'

/** Tables about one lookup key. */
export interface KeyChanges {
  /** value: what resources answer to from now on, or no longer. */
  readonly values: Table
  /** resource_id, value: stored resources that answered to one of them, or are gone without a trace. */
  readonly resources: Table
}

/** Of the lookup keys that somebody uses; one of which nothing changes is not among them. */
export interface ChangedKeys {
  of(key: LookupKey): KeyChanges | undefined
}

/** What the run makes of the entity types, and the rows from which it follows. */
export interface LaidOut {
  readonly changes: EntityChanges
  readonly attached: readonly Attached[]
}

export async function findChangedKeys(
  part: SourcePart,
  laidOut: LaidOut,
  used: readonly LookupKey[],
): Promise<ChangedKeys> {
  const found = new Map<string, KeyChanges>()
  const seen = new Set<string>()
  for (const key of used) {
    const id = idOf(key)
    if (seen.has(id)) continue
    seen.add(id)
    const changed = await findKeyChanges(part, laidOut, key, seen.size)
    if (changed !== undefined) found.set(id, changed)
  }
  return { of: (key) => found.get(idOf(key)) }
}

function idOf({ entityType, by }: LookupKey): string {
  return `${entityType}.${by}`
}

async function findKeyChanges(
  part: SourcePart,
  laidOut: LaidOut,
  key: LookupKey,
  number: number,
): Promise<KeyChanges | undefined> {
  const { session, workTables } = part
  // The number tells apart what the names alone would not: `A_B` by `c`, `A` by `B_c`, and letters in another case.
  const about = `${number}_${key.entityType}_${key.by}`
  const values = changedValues(part, laidOut, key)
  if (values === undefined) return undefined
  const changed = await workTables.fill(workTables.named('changed_keys', about), values)
  await run(session, analyze(changed.table))
  const resources = await workTables.fill(
    workTables.named('changed_key_resources', about),
    resourcesWithKey(part, laidOut, key, changed.table),
  )
  if (changed.count + resources.count === 0) {
    await workTables.drop([changed.table, resources.table])
    return undefined
  }
  await run(session, analyze(resources.table))
  return { values: changed.table, resources: resources.table }
}

function changedValues(part: SourcePart, laidOut: LaidOut, key: LookupKey): Statement | undefined {
  const names = familyNames(part.model, key.entityType)
  const parts = names.flatMap((name) =>
    laidOut.changes.loaded.has(name)
      ? loadedValues(part, name, key.by, names.length === 1)
      : changedValuesOf(part, laidOut, { entityType: name, by: key.by }),
  )
  if (parts.length === 0) return undefined
  return statement(
    `resolve/find-changed-keys ${key.entityType}.${key.by}`,
    sql`select distinct x.value from (${unionAll(parts)}) x where x.value is not null`,
  )
}

/** Nothing was stored, so only those who wait are concerned; unless another type answers to the value, too. */
function loadedValues(part: SourcePart, entityType: string, by: string, alone: boolean): readonly SQL[] {
  const value = lookupValue(part, entityType, by, sql`o`)
  const awaited = sql`select value from ${orphanReferences}
    union all select from_value from ${orphanLinks} union all select to_value from ${orphanLinks}`
  const among = alone ? sql` where ${value} in (${awaited})` : sql.blank
  return [sql`select ${value} as value from ${resourcesOf(entityType)} o${among}`]
}

function changedValuesOf(
  part: SourcePart,
  { changes, attached }: LaidOut,
  { entityType, by }: LookupKey,
): readonly SQL[] {
  const table = changes.tables.get(entityType)
  if (table === undefined) return []
  const was = lookupValue(part, entityType, by, sql`o`)
  const becomes = lookupValue(part, entityType, by, sql`c`)
  const both = sql`from ${table} c left join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id`
  const repaired = repairedResources(part, attached, entityType)
  const repairs =
    repaired === undefined ? sql.blank : sql` left join (${repaired}) a on a.resource_id = c.resource_id`
  const believed = repaired === undefined ? sql.blank : sql` and a.resource_id is null`
  // Commands say themselves which rows name something else after a renaming.
  const renamed = part.whole ? sql` or (${was} is distinct from ${becomes}${believed})` : sql.blank
  return [
    sql`select ${becomes} as value ${both} where c._operation <> 'delete' and ${was} is distinct from ${becomes}`,
    sql`select ${was} as value ${both}${repairs} where c._operation = 'delete'${renamed}`,
  ]
}

function resourcesWithKey(part: SourcePart, laidOut: LaidOut, key: LookupKey, values: Table): Statement {
  const parts = familyNames(part.model, key.entityType).flatMap((name) =>
    resourcesOfTypeWithKey(part, laidOut, { entityType: name, by: key.by }, values),
  )
  return statement(
    `resolve/find-changed-key-resources ${key.entityType}.${key.by}`,
    parts.length === 0
      ? sql`select null::bigint as resource_id, null::text as value where false`
      : unionAll(parts),
  )
}

function resourcesOfTypeWithKey(
  part: SourcePart,
  { changes, attached }: LaidOut,
  { entityType, by }: LookupKey,
  values: Table,
): readonly SQL[] {
  // Nobody points at a resource that was loaded a moment ago but those who have looked it up.
  if (changes.loaded.has(entityType)) return []
  const resources = resourcesOf(entityType)
  const value = lookupValue(part, entityType, by, sql`o`)
  const answered = sql`select o.resource_id, ${value} as value from ${resources} o where ${value} in (select value from ${values})`
  const table = changes.tables.get(entityType)
  if (table === undefined) return [answered]
  const repaired = repairedResources(part, attached, entityType)
  // What an external write had it answer to, and it does not any more, nobody has resolved by.
  const stored =
    repaired === undefined
      ? answered
      : sql`${answered} and not exists (select from ${table} c join (${repaired}) a on a.resource_id = c.resource_id
          where c.resource_id = o.resource_id and ${lookupValue(part, entityType, by, sql`c`)} is distinct from ${value})`
  const isKey = part.source.entities.some(
    (mapping) => mapping.entityType === entityType && mapping.key === by,
  )
  return [
    stored,
    sql`select c.resource_id, ${isKey ? sql`c._key` : sql.null} from ${table} c where c._operation = 'delete'
     and not exists (select from ${resources} o where o.resource_id = c.resource_id)`,
  ]
}

/**
 * Query of the resources of whose rows the source asserts what it asserted last time: the value that an external write gave them is
 * nobody's word, and what was resolved by the source's stands.
 */
function repairedResources(
  { source }: SourcePart,
  attached: readonly Attached[],
  entityType: string,
): SQL | undefined {
  const entity = attached.find(({ shape }) => shape.type.name === entityType)
  if (entity?.attached === undefined) return undefined
  return sql`select a._resource_id as resource_id from ${entity.attached} a join ${replicasOf(source.name, entityType)} r
    on r.key = a.${entity.shape.key} and r.digest = a._digest`
}
