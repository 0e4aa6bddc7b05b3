/**
 * The sum of a change set: what tells whether a run is about to do what a plan has shown.
 *
 * Computed by the database over what changes in resources and links, in whatever order the rows lie. What differs from one
 * computation to the next is left out: the ids of resources that are inserted (their keys stand for them, in what refers to
 * them, too), and where stored rows lie.
 *
 * @module
 */
import type { EntityModel, Property } from '@sluice/model'
import {
  columnOfRow,
  columnsOf,
  commas,
  family,
  one,
  run,
  type Session,
  type SQL,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import {
  type ChangeSet,
  type EntityChangeEntry,
  type LinkChangeEntry,
  propertiesOf,
  sizeOf,
} from './change-set.ts'
import { indexChanges } from './entity-changes.ts'

/** 64 hexadecimal digits. The change tables must be there: what was loaded straight has no sum. */
export async function sumOfChanges(
  session: Session,
  model: EntityModel,
  changeSet: Pick<ChangeSet, 'entities' | 'links'>,
): Promise<string> {
  const { entities, links } = changeSet
  for (const { table, counts } of entities)
    if (counts.inserted > 0) await run(session, indexChanges(new Table(table)))
  const parts: string[] = []
  for (const entry of entities) {
    if (sizeOf(entry) === 0) continue
    parts.push(`entity ${entry.entityType} ${await sumOf(session, entityRows(model, entities, entry))}`)
  }
  for (const entry of links) {
    if (sizeOf(entry) === 0) continue
    const sum = await sumOf(session, linkRows(model, entities, entry))
    parts.push(`link ${entry.association} ${entry.source ?? ''} ${sum}`)
  }
  return await hashed(session, parts.sort().join('\n'))
}

type Entities = ChangeSet['entities']

/** What is added up of an entry: a row of each change `c`, and the stored row `o` that it is about. */
interface Summed {
  readonly table: string
  readonly row: SQL
  readonly stored: SQL
}

function entityRows(model: EntityModel, entities: Entities, entry: EntityChangeEntry): Summed {
  const { entityType, table } = entry
  const properties = propertiesOf(model, entry)
  const id = sql`case c._operation when 'insert' then null else c.resource_id end`
  const [before, after] = sides(model, entities, properties)
  return {
    table,
    row: sql`row(${commas([sql`c._operation`, sql`c._key`, id, ...before, ...after])})`,
    stored: sql`left join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id`,
  }
}

function linkRows(
  model: EntityModel,
  entities: Entities,
  { association: name, table }: LinkChangeEntry,
): Summed {
  const association = model.associations.get(name)
  if (association === undefined) throw new Error(`There is no association ${name}.`)
  const { from, to, properties } = association
  const ends = [nameOf(model, entities, from, sql`c.from_id`), nameOf(model, entities, to, sql`c.to_id`)]
  const [before, after] = sides(model, entities, properties)
  return {
    table,
    row: sql`row(${commas([sql`c._operation`, ...ends, ...before, ...after])})`,
    stored: sql`left join ${linksOf(name)} o on o.source_id = c.source_id and o.from_id = c.from_id and o.to_id = c.to_id`,
  }
}

/** The values before and after. Of what goes there are none after, whatever the change row holds of it. */
function sides(
  model: EntityModel,
  entities: Entities,
  properties: readonly Property[],
): readonly [before: readonly SQL[], after: readonly SQL[]] {
  const of = (row: SQL) => properties.flatMap((property) => valuesOf(model, entities, property, row))
  const after = of(sql`c`).map((value) => sql`case c._operation when 'delete' then null else ${value} end`)
  return [of(sql`o`), after]
}

function valuesOf(model: EntityModel, entities: Entities, property: Property, row: SQL): readonly SQL[] {
  return columnsOf(property).map(({ name, sqlType }) => {
    const column = columnOfRow(row, name)
    if (property.type === 'reference') return nameOf(model, entities, property.to, column)
    return sqlType === 'bytea' ? sql`md5(${column})` : column
  })
}

/** What stands for a resource: its key where this change set inserts it, else its id. */
function nameOf(model: EntityModel, entities: Entities, entityType: string, id: SQL): SQL {
  const types = new Set(family(model, entityType).map(({ name }) => name))
  const keys = entities
    .filter((entry) => types.has(entry.entityType) && entry.counts.inserted > 0)
    .map(
      ({ entityType: type, table }) =>
        sql`(select ${sql.literal(`${type} `)} || x._key from ${new Table(table)} x
          where x.resource_id = ${id} and x._operation = 'insert' limit 1)`,
    )
  return keys.length === 0 ? sql`${id}::text` : sql`coalesce(${commas([...keys, sql`${id}::text`])})`
}

/** Added up, so that rows need not be sorted: two sums of 64 bits with seeds of their own, and how many rows there are. */
async function sumOf(session: Session, { table, row, stored }: Summed): Promise<string> {
  const { sum } = await one(
    session,
    statement<{ sum: string }>(
      'changes/sum',
      sql`select concat_ws(' ', count(*), coalesce(sum(hashtextextended(t.row, 1)), 0), coalesce(sum(hashtextextended(t.row, 2)), 0)) as sum
      from (select (${row})::text as row from ${new Table(table)} c ${stored}) t`,
    ),
  )
  return sum
}

async function hashed(session: Session, text: string): Promise<string> {
  const { sum } = await one(
    session,
    statement<{ sum: string }>(
      'changes/hash-sums',
      sql`select encode(sha256(convert_to(${sql.value(text)}, 'UTF8')), 'hex') as sum`,
    ),
  )
  return sum
}
