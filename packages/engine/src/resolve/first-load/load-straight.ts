/**
 * The first load of an entity type: nothing is stored, so there is nothing to compare and every row is
 * an insert. Rows go from the staging table straight into the type's table, without a change table in
 * between, because writing a million rows twice would double the time of the first load.
 *
 * @module
 */
import {
  columnOf,
  commas,
  exists,
  more,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { type EntityChanges, noEntityChanges } from '../../changes/entity-changes.ts'
import { type RunContext, type SourcePart, sourcesByName } from '../../context/run-context.ts'
import { withoutIndexes } from '../../context/without-indexes.ts'
import type { StagedEntity } from '../../rows/entity-rows.ts'
import { digestOf } from '../../sql/digest.ts'
import type { EntityShape, MappedReference } from '../../sql/entity-shape.ts'
import { lookedUpProperties } from '../../sql/looked-up-properties.ts'
import { lookupAfterRun } from '../../sql/lookups.ts'
import { holdResourceIds } from '../../sql/resource-ids.ts'
import { orphanReferences, replicasOf, resourcesOf } from '../../sql/tables.ts'

export interface Loaded extends StagedEntity {
  readonly inserted: number
  /** Rows rejected on the way. */
  readonly rejected: number
  /** References into types that are not loaded yet (cycles); `completeReferences` sees to them. */
  readonly late: readonly MappedReference[]
  /** What is added to a staged row's ordinal to make its resource id. */
  readonly base: SQL
}

/** Says whether nothing at all is stored of the type, by whomever. */
export async function isEmpty({ session, source }: SourcePart, { shape }: StagedEntity): Promise<boolean> {
  const { name } = shape.type
  const anything = statement(
    `resolve/is-empty ${name}`,
    sql`select 1 from ${resourcesOf(name)} union all select 1 from ${replicasOf(source.name, name)}`,
  )
  return !(await exists(session, anything))
}

/** Inserts every staged row. References into types that are `known` (their rows are as they will be) are looked up on the way. */
export async function loadStraight(
  part: SourcePart,
  entity: StagedEntity,
  of: { readonly rejected: number; readonly known: (entityType: string) => boolean },
): Promise<Loaded> {
  const { session, source } = part
  const { shape, rows } = entity
  const { known, rejected } = of
  const inserted = rows.counts.rows - rejected
  const early = shape.references.filter(({ property }) => known(property.to))
  const late = shape.references.filter(({ property }) => !known(property.to))
  const loaded = { ...entity, inserted, rejected, late, base: await reserveIds(part, rows.counts.rows) }
  const resources = resourcesOf(shape.type.name)
  const replicas = replicasOf(source.name, shape.type.name)
  await withoutIndexes(session, resources, inserted, insertResources(part, loaded, early))
  await withoutIndexes(session, replicas, inserted, insertReplicas(part, loaded))
  // Sizes, which every plan needs, and what is known of a name: a few are looked up among many. Statistics of all columns are autovacuum's, and would cost a second here.
  await run(
    session,
    statement('resolve/measure-loaded', sql`analyze ${resources} (${measuredColumns(part, shape)})`),
  )
  await run(session, statement('resolve/measure-loaded', sql`analyze ${replicas} (key)`))
  if (early.length > 0) await run(session, recordOrphans(part, loaded, early))
  return loaded
}

function measuredColumns({ model, sources }: SourcePart, { type }: EntityShape): SQL {
  const names = lookedUpProperties({ model, sources: sourcesByName(sources) }, type.name)
  const lookedUp = type.properties.filter(({ name }) => names.has(name))
  return commas(['resource_id', ...lookedUp.map(columnOf)].map((name) => sql.identifier(name)))
}

/**
 * Ids in one block, so that resource and replica are written from one staged row without a join; staged
 * rows are numbered from 1.
 */
async function reserveIds({ session }: RunContext, count: number): Promise<SQL> {
  await run(session, holdResourceIds())
  const next = statement<{ base: string }>(
    'resolve/next-id',
    sql`select nextval('sluice_resource_id') - 1 as base`,
  )
  const { base } = await one(session, next)
  const first = sql`${sql.value(base)}::bigint`
  await run(
    session,
    statement(
      'resolve/reserve-ids',
      sql`select setval('sluice_resource_id', ${first} + ${sql.literal(count)} + 1)`,
    ),
  )
  return first
}

function insertResources(
  part: SourcePart,
  { shape, rows, base }: Loaded,
  early: readonly MappedReference[],
): Statement {
  const columns = [...shape.values, ...early].map(({ column }) => sql.identifier(column))
  const values = shape.values.map(({ value, column }) => sql`${value} as ${sql.identifier(column)}`)
  const references = early.map(({ staged, column }) => sql`${staged} as ${sql.identifier(column)}`)
  const found = early.map(({ property, by, staged, column }, index) => {
    const alias = sql.identifier(`found_${index + 1}`)
    const needed = sql`select ${staged} from ${rows.table}`
    const lookup = lookupAfterRun(part, noEntityChanges, { entityType: property.to, by }, needed)
    return {
      join: sql`left join ${lookup} ${alias} on ${alias}.value = s.${sql.identifier(column)}`,
      id: sql`${alias}.resource_id`,
    }
  })
  return statement(
    `resolve/load-resources ${shape.mapping.name}`,
    sql`insert into ${resourcesOf(shape.type.name)} (resource_id, _created_run${more(columns)})
    select ${base} + s._row, ${sql.literal(part.runId)}${more([
      ...shape.values.map(({ column }) => sql`s.${sql.identifier(column)}`),
      ...found.map(({ id }) => id),
    ])}
    from (select ${commas([sql`_row`, ...values, ...references])} from ${rows.table}) s
    ${sql.join(
      found.map(({ join }) => join),
      ' ',
    )}`,
  )
}

function insertReplicas({ source }: SourcePart, { shape, rows, base }: Loaded): Statement {
  return statement(
    `resolve/load-replicas ${shape.mapping.name}`,
    sql`insert into ${replicasOf(source.name, shape.type.name)} (key, resource_id, digest)
      select s.${shape.key}, ${base} + s._row, ${digestOf(shape, sql`s`)} from ${rows.table} s`,
  )
}

/** Looks up the references of a loaded type whose targets were loaded after it. */
export async function completeReferences(
  part: SourcePart,
  changes: EntityChanges,
  loaded: Loaded,
): Promise<void> {
  for (const reference of loaded.late) {
    await run(part.session, pointReference(part, changes, loaded, reference))
    await run(part.session, recordOrphans(part, loaded, [reference]))
  }
}

function pointReference(
  part: SourcePart,
  changes: EntityChanges,
  { shape, rows, base }: Loaded,
  { property, by, staged, column }: MappedReference,
): Statement {
  const target = { entityType: property.to, by }
  const lookup = lookupAfterRun(part, changes, target, sql`select ${staged} from ${rows.table}`)
  return statement(
    `resolve/complete-references ${shape.mapping.name}.${property.name}`,
    sql`update ${resourcesOf(shape.type.name)} o set ${sql.identifier(column)} = f.resource_id
      from ${rows.table} s join ${lookup} f on f.value = s.${staged}
      where o.resource_id = ${base} + s._row and f.resource_id is not null`,
  )
}

function recordOrphans(
  { sourceId }: SourcePart,
  { shape, rows, base }: Loaded,
  references: readonly MappedReference[],
): Statement {
  const each = references.map(
    ({ staged, column, property }): SQL => sql`
    select ${sql.literal(sourceId)}, ${sql.literal(shape.type.name)}, o.resource_id, ${sql.literal(property.name)}, s.${staged}
    from ${rows.table} s
    join ${resourcesOf(shape.type.name)} o on o.resource_id = ${base} + s._row
    where s.${staged} is not null and o.${sql.identifier(column)} is null`,
  )
  return statement(
    `resolve/record-orphans ${shape.mapping.name}`,
    sql`insert into ${orphanReferences} (source_id, entity_type, resource_id, property, value)${sql.join(each, ' union all ')}`,
  )
}
