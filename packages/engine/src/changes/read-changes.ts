/**
 * Reads the changes of a change set that is planned or held, from its tables, as people look at them.
 *
 * @module
 */
import type { Change, EntityModel } from '@sluice/model'
import { run, type Session, sql, statement, Table } from '@sluice/repository'
import { entityTypeOf } from '../context/run-context.ts'
import { allValues, type DisplayContext, displayName, valuesOfChange } from '../sql/display-values.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import {
  amongEntities,
  amongLinks,
  type ChangeFilter,
  type Operation,
  operationsIn,
} from './change-filter.ts'
import { behindOf, type ChangePage, growingPages, slice } from './change-pages.ts'
import {
  type EntityRow,
  entityChange,
  type LinkRow,
  type PlacedChange,
  placedEntity,
  placedLink,
  type Read,
  type Sample,
} from './change-rows.ts'
import { type ChangeSet, type EntityChangeEntry, type LinkChangeEntry, propertiesOf } from './change-set.ts'

/** The first `sample` changes of each operation of each entity type and association. */
export async function sampleChanges(
  session: Session,
  model: EntityModel,
  changeSet: ChangeSet,
  of: Sample,
): Promise<readonly Change[]> {
  const page = { limit: of.sample, offset: 0 }
  const changes: Change[] = []
  for (const { read } of changesByKind(model, changeSet, of))
    changes.push(...(await read(session, page)).map(({ change }) => change))
  return changes
}

/** The first resources of a type that was loaded straight, as insertions. */
export async function sampleLoaded(
  session: Session,
  model: EntityModel,
  of: { readonly entityType: string; readonly replicas: Table },
  sample: number,
): Promise<readonly Change[]> {
  const { properties } = entityTypeOf(model, of.entityType)
  const values = allValues({ model, changes: [] }, properties, sql`o`)
  const { rows } = await run(
    session,
    statement<EntityRow>(
      `changes/sample-loaded ${of.entityType}`,
      sql`select 'insert' as operation, o.resource_id, r.key, null::text as before, ${values}::text as after, false as drift
     from (select key, resource_id from ${of.replicas} order by key limit ${sql.literal(sample)}) r
     join ${resourcesOf(of.entityType)} o on o.resource_id = r.resource_id order by r.key`,
    ),
  )
  return rows.map((row) => entityChange(of.entityType, row, properties))
}

/** Every change of a change set, in pages, so that a million of them never lie in memory. */
export async function* allChanges(
  read: Read,
  model: EntityModel,
  changeSet: ChangeSet,
  filter: ChangeFilter,
): AsyncGenerator<Change> {
  for (const kind of changesByKind(model, changeSet, filter)) {
    for (const page of growingPages()) {
      const changes = await read((session) => kind.read(session, page))
      for (const { change } of changes) yield change
      if (changes.length < page.limit) break
    }
  }
}

type PageReader = (session: Session, page: ChangePage) => Promise<readonly PlacedChange[]>

/** Changes of one operation of an entity type or association. */
interface ChangesOfKind {
  readonly kind: 'entity' | 'link'
  /** No other of the change set has it. */
  readonly name: string
  readonly read: PageReader
}

/** In the order in which they are shown. */
export function changesByKind(
  model: EntityModel,
  { entities, links }: ChangeSet,
  filter: ChangeFilter,
): readonly ChangesOfKind[] {
  const displays = { model, changes: entities }
  return [
    ...entities.flatMap((entry) =>
      operationsIn(entry.entityType, entry.counts, filter).map((operation) => ({
        kind: 'entity' as const,
        name: `${operation} ${entry.entityType}`,
        read: entityPages(displays, entry, operation, filter),
      })),
    ),
    ...links.flatMap((entry) =>
      operationsIn(entry.association, entry.counts, filter).map((operation) => ({
        kind: 'link' as const,
        name: `${operation} ${entry.association} of ${entry.source}`,
        read: linkPages(displays, entry, operation, filter),
      })),
    ),
  ]
}

function entityPages(
  displays: DisplayContext,
  entry: EntityChangeEntry,
  operation: Operation,
  filter: ChangeFilter,
): PageReader {
  const { entityType, table, counts } = entry
  const properties = propertiesOf(displays.model, entry)
  const values = valuesOfChange(displays, { properties, stored: sql`o`, counts })
  const among = amongEntities(displays, entry, filter)
  return async (session, page) => {
    const read = statement<EntityRow>(
      `changes/read ${entityType}`,
      sql`select p.operation, p.resource_id, p.key, p.before::text, p.after::text, p.drift
     from (select c._operation as operation, c.resource_id, c._key as key, ${values}
     from (select c.* from ${new Table(table)} c where c._operation = ${sql.literal(operation)} and ${among} and ${behindOf(page)} order by c._key, c.resource_id ${slice(page)}) c
     left join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id
     ) p order by p.key, p.resource_id`,
    )
    const { rows } = await run(session, read)
    return rows.map((row) => placedEntity(entityType, row, properties))
  }
}

function linkPages(
  displays: DisplayContext,
  entry: LinkChangeEntry,
  operation: Operation,
  filter: ChangeFilter,
): PageReader {
  const { association: name, table, counts } = entry
  const association = displays.model.associations.get(name)
  if (association === undefined) return async () => []
  const values = valuesOfChange(displays, { properties: association.properties, stored: sql`l`, counts })
  const from = displayName(displays, association.from, sql`c.from_id`)
  const to = displayName(displays, association.to, sql`c.to_id`)
  const among = amongLinks(displays, entry, filter)
  return async (session, page) => {
    const read = statement<LinkRow>(
      `changes/read ${name}`,
      sql`select p.operation, p.from_id, p.to_id, p.from_key, p.to_key, p.before::text, p.after::text, p.drift
     from (select c._operation as operation, c.from_id, c.to_id, ${from} as from_key, ${to} as to_key, ${values}
     from (select c.* from ${new Table(table)} c where c._operation = ${sql.literal(operation)} and ${among} and ${behindOf(page)} order by c.from_id, c.to_id ${slice(page)}) c
     left join ${linksOf(name)} l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id) p order by p.from_id, p.to_id`,
    )
    const { rows } = await run(session, read)
    return rows.map((row) => placedLink(name, row, association.properties))
  }
}
