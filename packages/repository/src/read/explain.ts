/**
 * Reads everything the repository knows about one resource: which rows made it, where each value
 * comes from, what it is linked to, what happened to it.
 *
 * @module
 */
import {
  type Association,
  canName,
  type EntityType,
  mayAssert,
  type Property,
  type StoredModel,
  type Suspension,
  scopeOf,
  spellingOf,
} from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { readSuspensions } from '../definitions/suspensions.ts'
import { ancestry, columnOf, family, isA, linkTable, replicaTable } from '../layout/layout.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { columnOfRow, commas, unionAll } from '../sql/fragments.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import { type ExplainedClaims, explainClaims } from './explain-claims.ts'
import { displayPropertyOf, type PropertyReader, relationOf } from './property-reader.ts'
import { historyOf } from './read-history.ts'
import { type LinkRow, linkReader } from './read-links.ts'
import { becameOf, mergedInto } from './read-merges.ts'
import { readModel } from './read-model.ts'
import { ordersOf } from './read-orders.ts'
import { entityTypeNamed, type ResourceRow, readersOf, recordOf } from './read-resources.ts'
import type {
  ExplainedClaim,
  ExplainedLinks,
  ExplainedValue,
  Explanation,
  ResourceRecord,
  SuspendedSource,
} from './read-types.ts'

const shownLinks = 5

export async function explain(
  database: Database,
  entityType: string,
  key: string,
): Promise<Explanation | undefined> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const type = entityTypeNamed(model, entityType)
    const [resourceId, ...alsoMatching] = await findResources(session, model, type, key)
    if (resourceId !== undefined) return await explainStored(session, model, type, resourceId, alsoMatching)
    return await explainDeleted(session, model, type, key)
  })
}

/** `#1001` by id alone; else by a source's key first, then by display value, then by id: the first way that finds any counts. */
async function findResources(
  session: Session,
  model: StoredModel,
  type: EntityType,
  key: string,
): Promise<readonly string[]> {
  for (const way of waysToFind(model, type, key)) {
    const { rows } = await run(session, way)
    if (rows.length > 0) return rows.map(({ id }) => id)
  }
  return []
}

/** A resource by its id alone. */
const idForm = /^#(\d{1,18})$/

/** Bounded, because a display value may be everybody's. */
const mostShownAlike = 20

function waysToFind(model: StoredModel, type: EntityType, key: string): readonly Statement<{ id: string }>[] {
  const relation = relationOf(model, type)
  const [, id] = idForm.exec(key) ?? []
  const byId = statement<{ id: string }>(
    `explain/find-by-id ${type.name}`,
    sql`select o.resource_id as id from ${relation} o where o.resource_id = ${sql.value(id ?? key)}::bigint`,
  )
  if (id !== undefined) return [byId]
  const asked = sql.value(key)
  const tables = replicaTablesOf(model, type)
  const display = displayPropertyOf(model, type)
  const byKey = (text: string) => {
    const replicas = tables.map(
      ({ replicas }) => sql`select r.resource_id as id from ${replicas} r where r.key = ${sql.value(text)}`,
    )
    return statement<{ id: string }>(
      `explain/find-by-key ${type.name}`,
      // A replica can outlive its resource when somebody deletes it behind our back.
      sql`select distinct k.id from (${unionAll(replicas)}) k
      join ${relation} o on o.resource_id = k.id order by k.id`,
    )
  }
  const byDisplay = (column: string) =>
    statement<{ id: string }>(
      `explain/find-by-display ${type.name}`,
      sql`select o.resource_id as id from ${relation} o where ${columnOfRow(sql`o`, column)}::text = ${asked}
      order by o.resource_id limit ${sql.literal(mostShownAlike)}`,
    )
  return [
    ...(tables.length === 0 ? [] : spellingsOf(type, key).map(byKey)),
    ...(display === undefined ? [] : [byDisplay(columnOf(display))]),
    ...(/^\d{1,18}$/.test(key) ? [byId] : []),
  ]
}

/** The key as it was asked for, and what it says as a number, a date, …: replicas hold names in their one spelling. */
function spellingsOf({ properties }: EntityType, key: string): readonly string[] {
  return [...new Set([key, ...properties.flatMap((property) => spellingOf(property, {})?.of(key) ?? [])])]
}

interface SourceReplicas {
  readonly source: string
  readonly replicas: Table
}

/** Of the type and those that extend it. */
function replicaTablesOf(model: StoredModel, type: EntityType): readonly SourceReplicas[] {
  return [...model.sources.values()].flatMap((source) =>
    source.entities
      .filter((mapping) => scopeOf(mapping).some((name) => isA(model, name, type.name)))
      .map(({ entityType }) => ({
        source: source.name,
        replicas: new Table(replicaTable(source.name, entityType)),
      })),
  )
}

async function explainStored(
  session: Session,
  model: StoredModel,
  asked: EntityType,
  resourceId: string,
  alsoMatching: readonly string[],
): Promise<Explanation | undefined> {
  const { rows: types } = await run(session, typeOfResource(model, asked, resourceId))
  const type = model.entityTypes.get(types[0]?.entity_type ?? '')
  if (!type) return undefined
  const readers = readersOf(model, type)
  const { rows } = await run(session, readResource(model, type, readers, resourceId))
  const [row] = rows
  if (!row) return undefined
  const record = recordOf(readers, row)
  const history = await historyOf(session, model, resourceId)
  const display = displayPropertyOf(model, type)
  const shared = await explainClaims(session, model, type, record)
  const replicas = shared?.replicas ?? (await replicasOf(session, model, type, resourceId))
  const orders = await ordersOf(session, {
    resourceId,
    entityTypes: ancestry(model, type.name),
    rows: replicas,
  })
  const merged = await mergedInto(session, resourceId)
  const suspended = await suspendedAmong(session, replicas)
  return {
    resourceId,
    entityType: type.name,
    display: display ? displayText(record.values[display.name]) : null,
    deleted: null,
    values: await explainValues(session, model, type, { record, history, replicas, shared }),
    replicas,
    links: await linksOf(session, model, type, resourceId),
    history,
    ...(merged.length === 0 ? {} : { merged }),
    ...(suspended.length === 0 ? {} : { suspended }),
    ...(orders.length === 0 ? {} : { orders }),
    alsoMatching,
  }
}

async function suspendedAmong(
  session: Session,
  replicas: Explanation['replicas'],
): Promise<readonly SuspendedSource[]> {
  const known = new Set(replicas.map(({ source }) => source))
  const suspensions = known.size === 0 ? new Map<string, Suspension>() : await readSuspensions(session)
  return [...suspensions].flatMap(([source, one]) => (known.has(source) ? [{ source, ...one }] : []))
}

/** Which of the types that extend the one that was asked for it is. */
function typeOfResource(
  model: StoredModel,
  asked: EntityType,
  resourceId: string,
): Statement<{ entity_type: string }> {
  return statement(
    `explain/find-type ${asked.name}`,
    sql`select o.entity_type from ${relationOf(model, asked)} o where o.resource_id = ${sql.value(resourceId)}::bigint`,
  )
}

function readResource(
  model: StoredModel,
  type: EntityType,
  readers: readonly PropertyReader[],
  resourceId: string,
): Statement<ResourceRow> {
  const columns = [sql`o.resource_id, o.entity_type`, ...readers.flatMap(({ select }) => select)]
  const joins = readers.map(({ join }) => join)
  return statement(
    `explain/read-resource ${type.name}`,
    sql`select ${commas(columns)}
    from ${relationOf(model, type, false)} o ${sql.join(joins, ' ')}
    where o.resource_id = ${sql.value(resourceId)}::bigint`,
  )
}

function displayText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** What values are explained from. */
interface Explained extends Pick<Explanation, 'history' | 'replicas'> {
  readonly record: ResourceRecord
  readonly shared: ExplainedClaims | undefined
}

async function explainValues(
  session: Session,
  model: StoredModel,
  type: EntityType,
  { record, history, replicas, shared }: Explained,
): Promise<readonly ExplainedValue[]> {
  const { rows: orphans } = await run(session, orphansOf(record.resourceId))
  const own = history.filter(({ resourceId }) => resourceId === record.resourceId)
  const created = own.at(-1)
  return type.properties.map((property) => {
    const { name } = property
    const changed = own.find(
      ({ operation, after }) => operation === 'update' && after !== null && name in after,
    )
    const entry = changed ?? created
    const whose =
      shared === undefined
        ? ownedWhole(model, type, name, replicas)
        : sharedBy(shared, property, { value: record.values[name] ?? null, writer: entry?.source ?? null })
    return {
      property: name,
      value: record.values[name] ?? null,
      referenceId: record.references[name] ?? null,
      orphan: orphans.find(({ property }) => property === name)?.value ?? null,
      ...whose,
      run: entry?.run ?? 0,
      at: entry?.at ?? null,
      by: entry?.source === null ? entry.by : null,
    }
  })
}

type Whose = Pick<ExplainedValue, 'source' | 'lockedBy' | 'claims'>

function ownedWhole(
  model: StoredModel,
  type: EntityType,
  property: string,
  replicas: Explanation['replicas'],
): Whose {
  const sole = soleSourceOf(model, type, property)
  const source = replicas.some((replica) => replica.source === sole) ? sole : null
  return { source, lockedBy: source, claims: [] }
}

/** `writer`: the source whose run wrote the value. A delete policy writes one that no row asserts. */
function sharedBy(
  { claims, locks }: ExplainedClaims,
  property: Property,
  { value, writer }: { readonly value: unknown; readonly writer: string | null },
): Whose {
  const stated = claims.get(property.name) ?? []
  const winner = stated.find(({ standing }) => standing === 'wins')
  const source = isSaidBy(winner, property, value) ? winner?.source : (writer ?? winner?.source)
  return { source: source ?? null, lockedBy: locks.get(property.name) ?? null, claims: stated }
}

/** References, files and secrets are not compared: what is shown of them is not what a source calls them. */
function isSaidBy(winner: ExplainedClaim | undefined, property: Property, value: unknown): boolean {
  if (winner === undefined || !canName(property)) return true
  const text = winner.says ?? ''
  return (spellingOf(property, {})?.of(text) ?? text) === String(value ?? '')
}

function orphansOf(resourceId: string): Statement<{ property: string; value: string }> {
  return statement(
    'explain/find-orphans',
    sql`select property, value from sluice_orphan_reference where resource_id = ${sql.value(resourceId)}::bigint`,
  )
}

function soleSourceOf(model: StoredModel, type: EntityType, property: string): string | null {
  const ownership = storedOwnership(model, type.name)
  const [only, ...others] = ownership.owners.filter(({ source }) => mayAssert(ownership, source, property))
  return only && others.length === 0 ? only.source.name : null
}

async function replicasOf(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<Explanation['replicas']> {
  const found: { source: string; key: string }[] = []
  for (const { source, replicas } of replicaTablesOf(model, type)) {
    const { rows } = await run(session, keysOf(source, replicas, resourceId))
    found.push(...rows.map(({ key }) => ({ source, key })))
  }
  return found
}

function keysOf(source: string, replicas: Table, resourceId: string): Statement<{ key: string }> {
  return statement(
    `explain/find-replicas ${source}`,
    sql`select r.key from ${replicas} r where r.resource_id = ${sql.value(resourceId)}::bigint order by r.key`,
  )
}

async function linksOf(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<readonly ExplainedLinks[]> {
  const found: ExplainedLinks[] = []
  for (const association of model.associations.values()) {
    for (const end of ['from', 'to'] as const) {
      if (!isA(model, type.name, association[end])) continue
      const links = await linksAt(session, model, association, end, resourceId)
      if (links.count > 0) found.push(links)
    }
  }
  return found
}

async function linksAt(
  session: Session,
  model: StoredModel,
  association: Association,
  end: 'from' | 'to',
  resourceId: string,
): Promise<ExplainedLinks> {
  const at = { from: sql`l.from_id`, to: sql`l.to_id` }[end]
  const here = sql`where ${at} = ${sql.value(resourceId)}::bigint`
  const reader = linkReader(model, association)
  const { count } = await one(
    session,
    statement<{ count: string }>(
      `explain/count-links ${association.name}`,
      sql`select count(*) as count from ${new Table(linkTable(association.name))} l ${here}`,
    ),
  )
  const { rows } = await run(
    session,
    statement<LinkRow>(
      `explain/first-links ${association.name}`,
      sql`${reader.query}
      ${here} order by l.source_id, l.from_id, l.to_id limit ${sql.literal(shownLinks)}`,
    ),
  )
  return {
    association: association.name,
    end,
    count: Number(count),
    first: rows.map((row) => {
      const link = reader.record(row)
      const { source, properties } = link
      const [id, display] = end === 'from' ? [link.toId, link.to] : [link.fromId, link.from]
      return { resourceId: id, display, source, properties }
    }),
  }
}

/** Its history is all that is left, if there is any. */
async function explainDeleted(
  session: Session,
  model: StoredModel,
  type: EntityType,
  key: string,
): Promise<Explanation | undefined> {
  const { rows } = await run(session, lastDeleted(model, type, key))
  const resourceId = rows[0]?.resource_id
  if (resourceId === undefined) return undefined
  const history = await historyOf(session, model, resourceId)
  const last = history.find((entry) => entry.resourceId === resourceId)
  if (!last) return undefined
  const into = await becameOf(session, resourceId)
  return {
    resourceId,
    entityType: last.entityType,
    display: last.key,
    deleted: { run: last.run, at: last.at, ...(into === undefined ? {} : { into }) },
    values: [],
    replicas: [],
    links: [],
    history,
    alsoMatching: [],
  }
}

function lastDeleted(model: StoredModel, type: EntityType, key: string): Statement<{ resource_id: string }> {
  const names = new Set([type, ...family(model, type.name)].map(({ name }) => name))
  const [, id] = idForm.exec(key) ?? []
  const named = commas(spellingsOf(type, key).map((text) => sql.value(text)))
  const asked = id === undefined ? sql`h.key in (${named}) or` : sql.blank
  return statement(
    `explain/find-deleted ${type.name}`,
    sql`select h.resource_id from sluice_history h
    where h.operation = 'delete' and h.entity_type in (${commas([...names].map(sql.literal))})
      and (${asked} h.resource_id::text = ${sql.value(id ?? key)})
    order by h.run_id desc limit 1`,
  )
}
