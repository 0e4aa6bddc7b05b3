/**
 * References of resources that the run does not deliver, whose target arrives, goes, or is renamed.
 *
 * A target that arrives takes up the references that were waiting for it, in this very run. One that
 * goes, or answers to another value, leaves them waiting again: the source still asserts it, nobody answers
 * to it. So what is stored follows from what the sources assert, not from the order in which they did.
 *
 * @module
 */
import {
  type EntityMapping,
  ownershipOf,
  ownsAlone,
  type ReferenceProperty,
  type Source,
} from '@sluice/model'
import {
  allOf,
  columnOf,
  columnOfRow,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import { changeOrphanReferences } from '../changes/orphan-changes.ts'
import {
  entityTypeOf,
  propertyOf,
  type RunContext,
  type SourcePart,
  sourcesByName,
} from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { Attached } from '../rows/entity-rows.ts'
import { type LookupKey, lookupAfterRun } from '../sql/lookups.ts'
import { isMadeByPeople } from '../sql/people.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, orphanReferences, replicasOf, resourcesOf } from '../sql/tables.ts'
import type { ChangedKeys, KeyChanges } from './changed-keys.ts'

/** One reference property as one source fills it. */
export interface FilledReference {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: EntityMapping
  readonly property: ReferenceProperty
  /** By what its values are looked up. */
  readonly target: LookupKey
}

/** Every reference that some source fills alone; what those of shared types name is asked again by each run of their source. */
export function filledReferences({ model, sources }: RunContext): readonly FilledReference[] {
  return [...sources.values()].flatMap(({ source, id: sourceId }) =>
    source.entities
      .filter(({ federation }) => federation === undefined)
      .flatMap((mapping) =>
        mapping.properties.flatMap(({ property: name, by }): readonly FilledReference[] => {
          const property = propertyOf(entityTypeOf(model, mapping.entityType), name)
          if (property.type !== 'reference' || by === undefined) return []
          return [{ source, sourceId, mapping, property, target: { entityType: property.to, by } }]
        }),
      ),
  )
}

/**
 * Looks up again what names a changed key; rows of this run's own mappings were decided before, and so were those of types that
 * were loaded straight.
 */
export async function resolveReferencesElsewhere(
  part: SourcePart,
  changes: EntityChanges,
  attached: readonly Attached[],
  keys: ChangedKeys,
): Promise<EntityChanges> {
  let resolved = changes
  for (const reference of filledReferences(part)) {
    const changed = keys.of(reference.target)
    if (changed === undefined || changes.loaded.has(reference.mapping.entityType)) continue
    const own = reference.source.name === part.source.name
    const decided = own
      ? attached.find(({ shape }) => shape.mapping.name === reference.mapping.name)?.attached
      : undefined
    resolved = await lookUpAgain(part, resolved, { reference, changed, decided })
  }
  return resolved
}

interface Again {
  readonly reference: FilledReference
  readonly changed: KeyChanges
  /** Rows that were decided before. */
  readonly decided: Table | undefined
}

async function lookUpAgain(part: SourcePart, changes: EntityChanges, again: Again): Promise<EntityChanges> {
  const { session, workTables, runId } = part
  const { reference } = again
  const affected = await workTables.fill(
    workTables.named('affected_references', reference.mapping.entityType),
    affectedReferences(part, changes, again),
  )
  let resolved = changes
  if (affected.count > 0) {
    await run(session, analyze(affected.table))
    const lookup = lookupAfterRun(part, changes, reference.target, sql`select value from ${affected.table}`, {
      few: true,
    })
    const found = sql`from ${affected.table} q left join ${lookup} f on f.value = q.value`
    const made = await withChangeTable(part, changes, reference.mapping.entityType)
    const targets = sql`select q.resource_id, f.resource_id as target ${found}`
    await run(session, takeIn(part, made.table, reference, targets))
    await run(session, point(made.table, reference, targets))
    await run(session, followOrphans(runId, reference, found))
    resolved = made.changes
  }
  await workTables.drop([affected.table])
  return resolved
}

function named(step: string, { mapping, property }: FilledReference): string {
  return `resolve/${step} ${mapping.entityType}.${property.name}`
}

function isWaiting({ mapping, property }: FilledReference): SQL {
  return sql`w.entity_type = ${sql.literal(mapping.entityType)} and w.property = ${sql.literal(property.name)}`
}

/** (resource_id, value): references that wait for a changed key, and those that point at a resource whose key it is. */
function affectedReferences(
  part: RunContext,
  changes: EntityChanges,
  { reference, changed, decided }: Again,
): Statement {
  const { property, sourceId, mapping } = reference
  const table = changes.tables.get(mapping.entityType)
  const undecided = (id: SQL) =>
    allOf([
      ...(decided === undefined
        ? []
        : [sql`not exists (select from ${decided} a where a._resource_id = ${id})`]),
      ...(table === undefined
        ? []
        : [sql`not exists (select from ${table} c where c.resource_id = ${id} and c._operation = 'delete')`]),
    ])
  return statement(
    named('find-affected-references', reference),
    sql`select w.resource_id, w.value from ${orphanReferences} w
    where w.source_id = ${sql.literal(sourceId)} and ${isWaiting(reference)} and w.value in (select value from ${changed.values})
      and ${undecided(sql`w.resource_id`)}
    union all
    select o.resource_id, k.value from ${changed.resources} k
    join ${resourcesOf(mapping.entityType)} o on ${columnOfRow(sql`o`, columnOf(property))} = k.resource_id
    where ${ownedBy(part, reference)} and ${undecided(sql`o.resource_id`)}`,
  )
}

/** The resource `o` is the source's; where it is the only one to fill the type, all are that people have not created. */
function ownedBy({ sources }: RunContext, { source, mapping }: FilledReference): SQL {
  if (ownsAlone(ownershipOf(sourcesByName(sources), mapping.entityType), source))
    return sql`not (${isMadeByPeople(sql`o`)})`
  return sql`exists (select from ${replicasOf(source.name, mapping.entityType)} r where r.resource_id = o.resource_id)`
}

/** Takes resources that are not in the change set yet into it, as they are stored; `targets`: (resource_id, target). */
function takeIn({ model }: RunContext, changes: Table, reference: FilledReference, targets: SQL): Statement {
  const type = entityTypeOf(model, reference.mapping.entityType)
  const names = columnNames(type)
  return statement(
    named('take-in-referring', reference),
    sql`insert into ${changes} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'same', o.resource_id, r.key, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`o`, name)))}
    from (${targets}) f
    join ${resourcesOf(type.name)} o on o.resource_id = f.resource_id
    left join ${replicasOf(reference.source.name, type.name)} r on r.resource_id = o.resource_id
    where not exists (select from ${changes} c where c.resource_id = o.resource_id)`,
  )
}

function point(changes: Table, reference: FilledReference, targets: SQL): Statement {
  const column = columnOf(reference.property)
  return statement(
    named('point-elsewhere', reference),
    sql`update ${changes} c set ${sql.identifier(column)} = f.target,
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    from (${targets}) f where f.resource_id = c.resource_id and c._operation <> 'delete'
      and ${columnOfRow(sql`c`, column)} is distinct from f.target`,
  )
}

/** `found`: `from` clause of the affected references `q` with their targets `f`. */
function followOrphans(runId: number, reference: FilledReference, found: SQL): Statement {
  const { sourceId, mapping, property } = reference
  return changeOrphanReferences(
    named('follow-orphans', reference),
    runId,
    sql`select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value ${found}
      join ${orphanReferences} w on w.resource_id = q.resource_id
      where ${isWaiting(reference)} and f.resource_id is not null
    union all
    select 'insert', ${sql.literal(sourceId)}, ${sql.literal(mapping.entityType)}, q.resource_id, ${sql.literal(property.name)}, q.value ${found}
      where f.resource_id is null and q.value is not null
        and not exists (select from ${orphanReferences} w where w.resource_id = q.resource_id and ${isWaiting(reference)})`,
  )
}
