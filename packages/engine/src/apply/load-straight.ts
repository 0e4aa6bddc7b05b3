/**
 * The first load of an entity type: nothing is stored, so there is nothing to compare and every row is
 * an insert. Rows go from the staging table straight into the type's table, without a change table in
 * between, because writing a million rows twice would double the time of the first load.
 *
 * @module
 */
import { entityTable, identifier, literal, replicaTable } from '@sluice/repository'
import type { ChangeTables } from '../terms/change-tables.ts'
import { digestExpression } from '../terms/digest.ts'
import type { EntityShape, MappedReference } from '../terms/entity-shape.ts'
import { becomingLookup } from '../terms/lookups.ts'
import { single, tableOf, type Work } from '../terms/work.ts'
import { workTable } from '../terms/work-tables.ts'
import { withoutIndexes } from './without-indexes.ts'

export interface Loaded {
  readonly inserted: number
  /** References into types that are not loaded yet (cycles); `completeReferences` sees to them. */
  readonly late: readonly MappedReference[]
  /** What is added to a staged row's ordinal to make its resource id. */
  readonly base: string
}

/** Inserts every staged row. References into types of `known` are looked up on the way. */
export async function loadStraight(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  of: {
    /** Rows that were staged, and those of them that were rejected and are gone. */
    readonly staged: number
    readonly rejected: number
    /** Entity types whose rows are as they become. */
    readonly known: (entityType: string) => boolean
  },
): Promise<Loaded> {
  const staging = workTable(work, 'staging', shape.mapping.name)
  const { known } = of
  const inserted = of.staged - of.rejected
  const early = shape.references.filter(({ property }) => known(property.to))
  const late = shape.references.filter(({ property }) => !known(property.to))
  const base = await reserveIds(work, of.staged)
  const table = entityTable(shape.type.name)
  await withoutIndexes(work.session, table, inserted, () => insertResources(work, tables, shape, early, base))
  const replicas = replicaTable(work.source.name, shape.type.name)
  await withoutIndexes(work.session, replicas, inserted, () =>
    work.session.execute(`insert into ${identifier(replicas)} (key, resource_id, digest)
      select s.${shape.key}, ${base} + s.row, ${digestExpression(shape, 's')} from ${staging} s`),
  )
  // Sizes, which every plan needs; statistics of all columns are autovacuum's, and would cost a second here.
  await work.session.execute(
    `analyze ${identifier(table)} (resource_id); analyze ${identifier(replicas)} (key)`,
  )
  for (const reference of early) await recordOrphans(work, shape, reference, base)
  return { inserted, late, base }
}

/**
 * Ids in one block, so that resource and replica are written from one staged row without a join; staged
 * rows are numbered from 1.
 */
async function reserveIds(work: Work, staged: number): Promise<string> {
  // Altering the sequence holds everybody else's nextval until the end of this transaction.
  await work.session.execute('alter sequence sluice_resource_id increment by 1')
  const { base } = await single<{ base: string }>(
    work.session,
    `select nextval('sluice_resource_id') - 1 as base`,
  )
  await work.session.query(`select setval('sluice_resource_id', $1::bigint + $2::bigint + 1)`, [base, staged])
  return base
}

async function insertResources(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  early: readonly MappedReference[],
  base: string,
): Promise<void> {
  const staging = workTable(work, 'staging', shape.mapping.name)
  const columns = [...shape.values.map(({ column }) => column), ...early.map(({ column }) => column)].map(
    identifier,
  )
  const values = shape.values.map(({ value }, index) => `${value} as v${index + 1}`)
  const references = early.map(({ staged }, index) => `${staged} as r${index + 1}`)
  const joins = early.map(({ property, by, staged }, index) => {
    const needed = `select ${staged} from ${staging}`
    const lookup = becomingLookup(work, tables, property.to, by, needed)
    return `left join ${lookup} l${index + 1} on l${index + 1}.value = s.r${index + 1}`
  })
  await work.session.execute(`insert into ${tableOf(shape.type.name)} (resource_id, _created_run, ${columns.join(', ')})
    select ${base} + s.row, ${work.runId}, ${[
      ...shape.values.map((_, index) => `s.v${index + 1}`),
      ...early.map((_, index) => `l${index + 1}.resource_id`),
    ].join(', ')}
    from (select ${['row', ...values, ...references].join(', ')} from ${staging}) s
    ${joins.join(' ')}`)
}

/** Looks up the references of a loaded type whose targets were loaded after it. */
export async function completeReferences(
  work: Work,
  tables: ChangeTables,
  shape: EntityShape,
  loaded: Loaded,
): Promise<void> {
  const staging = workTable(work, 'staging', shape.mapping.name)
  for (const reference of loaded.late) {
    const { property, by, staged, column } = reference
    const lookup = becomingLookup(work, tables, property.to, by, `select ${staged} from ${staging}`)
    await work.session.execute(`update ${tableOf(shape.type.name)} o set ${identifier(column)} = l.resource_id
      from ${staging} s join ${lookup} l on l.value = s.${staged}
      where o.resource_id = ${loaded.base} + s.row and l.resource_id is not null`)
    await recordOrphans(work, shape, reference, loaded.base)
  }
}

async function recordOrphans(
  work: Work,
  shape: EntityShape,
  reference: MappedReference,
  base: string,
): Promise<void> {
  const { staged, column, property } = reference
  await work.session.execute(`insert into sluice_orphan_reference (source_id, entity_type, resource_id, property, value)
    select ${work.sourceId}, ${literal(shape.type.name)}, o.resource_id, ${literal(property.name)}, s.${staged}
    from ${workTable(work, 'staging', shape.mapping.name)} s
    join ${tableOf(shape.type.name)} o on o.resource_id = ${base} + s.row
    where s.${staged} is not null and o.${identifier(column)} is null`)
}
