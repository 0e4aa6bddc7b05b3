/**
 * Reads everything the repository knows about one resource: which rows made it, where each value
 * comes from, what it is linked to, what happened to it.
 *
 * @module
 */
import type { Association, EntityType, StoredModel } from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import {
  columnOf,
  family,
  identifier,
  isA,
  linkTable,
  replicaTable,
  resourceIdColumn,
} from '../layout/layout.ts'
import { displayPropertyOf, relationOf, textOrNull } from './property-reader.ts'
import { historyOf } from './read-history.ts'
import { linkReader } from './read-links.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed, readersOf, recordOf } from './read-resources.ts'
import type {
  ExplainedLinks,
  ExplainedValue,
  Explanation,
  HistoryEntry,
  ResourceRecord,
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

/** By a source's key first, then by display value, then by id; the first way that finds any counts. */
async function findResources(
  session: Session,
  model: StoredModel,
  type: EntityType,
  key: string,
): Promise<readonly string[]> {
  const ids = async (text: string) => {
    const { rows } = await session.query<{ id: string }>(text, [key])
    return rows.map(({ id }) => id)
  }
  const relation = relationOf(model, type)
  const replicas = replicaTablesOf(model, type)
  if (replicas.length > 0) {
    const each = replicas.map(({ table }) => `select r.resource_id as id from ${table} r where r.key = $1`)
    // A replica can outlive its resource when somebody deletes it behind our back.
    const found = await ids(
      `select distinct k.id from (${each.join(' union all ')}) k
       join ${relation} o on o.resource_id = k.id order by k.id`,
    )
    if (found.length > 0) return found
  }
  const display = displayPropertyOf(model, type)
  if (display) {
    const shown = `o.${identifier(columnOf(display))}::text = $1`
    const found = await ids(
      `select o.resource_id as id from ${relation} o where ${shown} order by o.resource_id limit 20`,
    )
    if (found.length > 0) return found
  }
  if (!/^\d{1,18}$/.test(key)) return []
  return await ids(`select o.resource_id as id from ${relation} o where o.resource_id = $1::bigint`)
}

interface ReplicaTable {
  readonly source: string
  /** Quoted. */
  readonly table: string
}

/** Of the type and those that extend it. */
function replicaTablesOf(model: StoredModel, type: EntityType): readonly ReplicaTable[] {
  return [...model.sources.values()].flatMap((source) =>
    source.entities
      .filter(({ entityType }) => isA(model, entityType, type.name))
      .map(({ entityType }) => ({
        source: source.name,
        table: identifier(replicaTable(source.name, entityType)),
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
  const { rows: types } = await session.query<{ entity_type: string }>(
    `select o.entity_type from ${relationOf(model, asked)} o where o.resource_id = $1`,
    [resourceId],
  )
  const type = model.entityTypes.get(types[0]?.entity_type ?? '')
  if (!type) return undefined
  const readers = readersOf(model, type)
  const { rows } = await session.query(
    `select ${['o.resource_id', 'o.entity_type', 'o._created_run', ...readers.flatMap(({ select }) => select)].join(', ')}
     from ${relationOf(model, type, false)} o ${readers.flatMap(({ join }) => join ?? []).join('\n')}
     where o.resource_id = $1`,
    [resourceId],
  )
  const [row] = rows
  if (!row) return undefined
  const record = recordOf(readers, row)
  const history = await historyOf(session, model, resourceId)
  const display = displayPropertyOf(model, type)
  return {
    resourceId,
    entityType: type.name,
    display: display ? displayText(record.values[display.name]) : null,
    deleted: null,
    values: await explainValues(session, model, type, record, history),
    replicas: await replicasOf(session, model, type, resourceId),
    links: await linksOf(session, model, type, resourceId),
    history,
    alsoMatching,
  }
}

function displayText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

async function explainValues(
  session: Session,
  model: StoredModel,
  type: EntityType,
  record: ResourceRecord,
  history: readonly HistoryEntry[],
): Promise<readonly ExplainedValue[]> {
  const { rows: orphans } = await session.query<{ property: string; value: string }>(
    'select property, value from sluice_orphan_reference where resource_id = $1',
    [record.resourceId],
  )
  const created = history.at(-1)
  return type.properties.map(({ name }) => {
    const changed = history.find(
      ({ operation, after }) => operation === 'update' && after !== null && name in after,
    )
    const entry = changed ?? created
    return {
      property: name,
      value: record.values[name] ?? null,
      referenceId: record.references[name] ?? null,
      orphan: orphans.find(({ property }) => property === name)?.value ?? null,
      source: soleSourceOf(model, type, name),
      run: entry?.run ?? 0,
      at: entry?.at ?? null,
    }
  })
}

function soleSourceOf(model: StoredModel, type: EntityType, property: string): string | null {
  const sources = [...model.sources.values()].filter((source) =>
    source.entities.some(
      (mapping) =>
        mapping.entityType === type.name && mapping.properties.some(({ name }) => name === property),
    ),
  )
  const [only, ...others] = sources
  return only && others.length === 0 ? only.name : null
}

async function replicasOf(session: Session, model: StoredModel, type: EntityType, resourceId: string) {
  const found: { source: string; key: string }[] = []
  for (const { source, table } of replicaTablesOf(model, type)) {
    const { rows } = await session.query<{ key: string }>(
      `select key from ${table} where resource_id = $1 order by key`,
      [resourceId],
    )
    found.push(...rows.map(({ key }) => ({ source, key })))
  }
  return found
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
  const { rows: counts } = await session.query<{ count: string }>(
    `select count(*) as count from ${identifier(linkTable(association.name))} l where l.${end}_id = $1`,
    [resourceId],
  )
  const reader = linkReader(model, association)
  const { rows } = await session.query<Row>(
    `${reader.text} where l.${end}_id = $1 order by l.source_id, l.from_id, l.to_id limit ${shownLinks}`,
    [resourceId],
  )
  return {
    association: association.name,
    end,
    count: Number(counts[0]?.count ?? 0),
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
  const names = [type, ...family(model, type.name)].map(({ name }) => name)
  const { rows } = await session.query(
    `select resource_id from sluice_history
     where operation = 'delete' and entity_type = any($1::text[]) and (key = $2 or resource_id::text = $2)
     order by run_id desc limit 1`,
    [names, key],
  )
  const resourceId = textOrNull(rows[0]?.[resourceIdColumn])
  if (resourceId === null) return undefined
  const history = await historyOf(session, model, resourceId)
  const [last] = history
  if (!last) return undefined
  return {
    resourceId,
    entityType: last.entityType,
    display: last.key,
    deleted: { run: last.run, at: last.at },
    values: [],
    replicas: [],
    links: [],
    history,
    alsoMatching: [],
  }
}
