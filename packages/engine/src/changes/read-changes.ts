/**
 * Reads the changes of a run as people look at them: from the tables of a change set that is planned
 * or held, or from the history of one that was applied.
 *
 * @module
 */
import type { Change, EntityModel, Property } from '@sluice/model'
import {
  recordedValues,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import { entityTypeOf } from '../context/run-context.ts'
import { allValues, type DisplayContext, displayName, valuesOfChange } from '../sql/display-values.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import {
  amongEntities,
  amongHistory,
  amongLinkHistory,
  amongLinks,
  type ChangeFilter,
  isAsked,
  type Operation,
  operations,
  operationsIn,
} from './change-filter.ts'
import { type ChangePage, growingPages, slice } from './change-pages.ts'
import { type ChangeSet, type EntityChangeEntry, type LinkChangeEntry, propertiesOf } from './change-set.ts'

/** At most so many of each kind. */
interface Sample extends ChangeFilter {
  readonly sample: number
}

interface EntityRow {
  readonly operation: Operation
  readonly resource_id: string
  readonly key: string | null
  /** JSON that is read as it stands: a number of JavaScript cannot hold every one of PostgreSQL. */
  readonly before: string | null
  readonly after: string | null
  readonly drift: boolean
}

interface LinkRow {
  readonly operation: Operation
  readonly from_key: string
  readonly to_key: string
  /** JSON that is read as it stands: a number of JavaScript cannot hold every one of PostgreSQL. */
  readonly before: string | null
  readonly after: string | null
  readonly drift: boolean
}

/** The first `sample` changes of each operation of each entity type and association. */
export async function sampleChanges(
  session: Session,
  model: EntityModel,
  changeSet: ChangeSet,
  of: Sample,
): Promise<readonly Change[]> {
  const page = { limit: of.sample, offset: 0 }
  const changes: Change[] = []
  for (const readPage of pageReaders(model, changeSet, of)) changes.push(...(await readPage(session, page)))
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

type Read = <T>(work: (session: Session) => Promise<T>) => Promise<T>

/** Every change of a change set, in pages, so that a million of them never lie in memory. */
export async function* allChanges(
  read: Read,
  model: EntityModel,
  changeSet: ChangeSet,
  filter: ChangeFilter,
): AsyncGenerator<Change> {
  for (const readPage of pageReaders(model, changeSet, filter)) {
    for (const page of growingPages()) {
      const changes = await read((session) => readPage(session, page))
      yield* changes
      if (changes.length < page.limit) break
    }
  }
}

type PageReader = (session: Session, page: ChangePage) => Promise<readonly Change[]>

/** One for each operation of each entity type and association. */
function pageReaders(
  model: EntityModel,
  { entities, links }: ChangeSet,
  filter: ChangeFilter,
): readonly PageReader[] {
  const displays = { model, changes: entities }
  return [
    ...entities.flatMap((entry) =>
      operationsIn(entry.entityType, entry.counts, filter).map((operation) =>
        entityPages(displays, entry, operation, filter),
      ),
    ),
    ...links.flatMap((entry) =>
      operationsIn(entry.association, entry.counts, filter).map((operation) =>
        linkPages(displays, entry, operation, filter),
      ),
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
  const values = valuesOfChange(displays, properties, sql`o`, counts)
  const among = amongEntities(displays, entry, filter)
  return async (session, page) => {
    const read = statement<EntityRow>(
      `changes/read ${entityType}`,
      sql`select p.operation, p.resource_id, p.key, p.before::text, p.after::text, p.drift
     from (select c._operation as operation, c.resource_id, c._key as key, ${values}
     from (select c.* from ${new Table(table)} c where c._operation = ${sql.literal(operation)} and ${among} order by c._key, c.resource_id ${slice(page)}) c
     left join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id
     ) p order by p.key, p.resource_id`,
    )
    const { rows } = await run(session, read)
    return rows.map((row) => entityChange(entityType, row, properties))
  }
}

function entityChange(entityType: string, row: EntityRow, properties: readonly Property[]): Change {
  return {
    kind: 'entity',
    entityType,
    operation: row.operation,
    resourceId: row.resource_id,
    key: row.key,
    before: recordedValues(row.before, properties),
    after: recordedValues(row.after, properties),
    drift: row.drift,
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
  const values = valuesOfChange(displays, association.properties, sql`l`, counts)
  const from = displayName(displays, association.from, sql`c.from_id`)
  const to = displayName(displays, association.to, sql`c.to_id`)
  const among = amongLinks(displays, entry, filter)
  return async (session, page) => {
    const read = statement<LinkRow>(
      `changes/read ${name}`,
      sql`select p.operation, p.from_key, p.to_key, p.before::text, p.after::text, p.drift
     from (select c._operation as operation, ${from} as from_key, ${to} as to_key, ${values}
     from (select c.* from ${new Table(table)} c where c._operation = ${sql.literal(operation)} and ${among} order by c.from_id, c.to_id ${slice(page)}) c
     left join ${linksOf(name)} l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id) p`,
    )
    const { rows } = await run(session, read)
    return rows.map((row) => linkChange(name, row, association.properties))
  }
}

/** The changes of an applied run, from its history; what a first load inserted is counted, not listed. */
export async function* appliedChanges(
  read: Read,
  model: EntityModel,
  runId: number,
  filter: ChangeFilter,
): AsyncGenerator<Change> {
  const among = amongHistory(filter)
  for (const page of growingPages()) {
    const changes = await read((session) => historyPage(session, model, { runId, among }, page))
    yield* changes
    if (changes.length < page.limit) break
  }
  for (const association of await read((session) => linkedAssociations(session, runId, filter))) {
    const of = { runId, association, filter }
    for (const page of growingPages()) {
      const changes = await read((session) => linkHistoryPage(session, model, of, page))
      yield* changes
      if (changes.length < page.limit) break
    }
  }
}

/** As `sampleChanges`, of an applied run. */
export async function sampleApplied(
  session: Session,
  model: EntityModel,
  runId: number,
  of: Sample,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  const page = { limit: of.sample, offset: 0 }
  const { rows: kinds } = await run(session, kindsOf(runId))
  for (const { type, operation } of kinds) {
    if (!isAsked(of, { type, operation })) continue
    const among = amongHistory({ ...of, type, operation })
    changes.push(...(await historyPage(session, model, { runId, among }, page)))
  }
  for (const association of await linkedAssociations(session, runId, of)) {
    for (const operation of operations) {
      if (!isAsked(of, { type: association, operation })) continue
      const filter = { ...of, operation }
      changes.push(...(await linkHistoryPage(session, model, { runId, association, filter }, page)))
    }
  }
  return changes
}

function kindsOf(runId: number): Statement<{ type: string; operation: Operation }> {
  return statement(
    'changes/kinds-in-history',
    sql`select distinct entity_type as type, operation from sluice_history
    where run_id = ${sql.literal(runId)} order by entity_type, operation`,
  )
}

async function historyPage(
  session: Session,
  model: EntityModel,
  { runId, among }: { readonly runId: number; readonly among: SQL },
  page: ChangePage,
): Promise<readonly Change[]> {
  const read = statement<EntityRow & { entity_type: string }>(
    'changes/read-history',
    sql`select h.entity_type, h.operation, h.resource_id, h.key, h.before::text, h.after::text, h.drift from sluice_history h
     where h.run_id = ${sql.literal(runId)} and ${among} order by h.entity_type, h.operation, h.key, h.resource_id ${slice(page)}`,
  )
  const { rows } = await run(session, read)
  return rows.map((row) =>
    entityChange(row.entity_type, row, model.entityTypes.get(row.entity_type)?.properties ?? []),
  )
}

async function linkedAssociations(
  session: Session,
  runId: number,
  { type }: ChangeFilter,
): Promise<readonly string[]> {
  const read = statement<{ association: string }>(
    'changes/associations-in-history',
    sql`select distinct association from sluice_link_history where run_id = ${sql.literal(runId)} order by association`,
  )
  const { rows } = await run(session, read)
  return rows.flatMap(({ association }) => (type === undefined || type === association ? [association] : []))
}

async function linkHistoryPage(
  session: Session,
  model: EntityModel,
  {
    runId,
    association,
    filter,
  }: { readonly runId: number; readonly association: string; readonly filter: ChangeFilter },
  page: ChangePage,
): Promise<readonly Change[]> {
  const ends = endNames(model, association)
  const properties = model.associations.get(association)?.properties ?? []
  const read = statement<LinkRow>(
    'changes/read-link-history',
    sql`select h.operation, ${ends.from} as from_key, ${ends.to} as to_key, h.before::text, h.after::text, h.drift
     from (select h.* from sluice_link_history h where h.run_id = ${sql.literal(runId)} and h.association = ${sql.literal(association)}
       and ${amongLinkHistory([ends.from, ends.to], filter)} order by h.operation, h.from_id, h.to_id ${slice(page)}) h
     order by h.operation, h.from_id, h.to_id`,
  )
  const { rows } = await run(session, read)
  return rows.map((row) => linkChange(association, row, properties))
}

/** SQL of what the ends of a link in the history are called, or were when they were deleted. */
function endNames(model: EntityModel, name: string): { readonly from: SQL; readonly to: SQL } {
  const association = model.associations.get(name)
  if (association === undefined) return { from: sql`h.from_id::text`, to: sql`h.to_id::text` }
  const displays = { model, changes: [] }
  const gone = (id: SQL) =>
    sql`(select past.key from sluice_history past where past.resource_id = ${id} order by past.run_id desc limit 1)`
  return {
    from: displayName(displays, association.from, sql`h.from_id`, [gone(sql`h.from_id`)]),
    to: displayName(displays, association.to, sql`h.to_id`, [gone(sql`h.to_id`)]),
  }
}

function linkChange(association: string, row: LinkRow, properties: readonly Property[]): Change {
  return {
    kind: 'link',
    association,
    operation: row.operation,
    from: row.from_key,
    to: row.to_key,
    before: recordedValues(row.before, properties),
    after: recordedValues(row.after, properties),
    drift: row.drift,
  }
}
