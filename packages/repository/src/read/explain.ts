/**
 * Reads everything the repository knows about one resource: which rows made it, where each value
 * comes from, what it is linked to, what happened to it.
 *
 * @module
 */
import type { EntityType, StoredModel, Suspension } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { readSuspensions } from '../definitions/suspensions.ts'
import { ancestry, changedRunColumn, createdRunColumn, family } from '../layout/layout.ts'
import { prunedThrough } from '../prune/pruned-through.ts'
import { commas } from '../sql/fragments.ts'
import { type Statement, sql, statement, type Table } from '../sql/statement.ts'
import { explainClaims } from './explain-claims.ts'
import { explainLinks } from './explain-links.ts'
import { explainOrphanLinks } from './explain-orphan-links.ts'
import { explainValues, type PrunedHistory } from './explain-values.ts'
import { findResources, idForm, replicaTablesOf, spellingsOf } from './find-resources.ts'
import { displayIn, type PropertyReader, relationOf } from './property-reader.ts'
import { historyOf } from './read-history.ts'
import { becameOf, mergedInto } from './read-merges.ts'
import { readModel } from './read-model.ts'
import { ordersOf } from './read-orders.ts'
import { entityTypeNamed, type ResourceRow, readersOf, recordOf } from './read-resources.ts'
import type { Explanation, SuspendedSource } from './read-types.ts'

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
  const pruned = await prunedOf(session, row)
  const shared = await explainClaims(session, model, type, record)
  const replicas = shared?.replicas ?? (await replicasOf(session, model, type, resourceId))
  const orders = await ordersOf(session, {
    resourceId,
    entityTypes: ancestry(model, type.name),
    rows: replicas,
  })
  const merged = await mergedInto(session, resourceId)
  const suspended = await suspendedAmong(session, replicas)
  const orphanLinks = await explainOrphanLinks(session, model, type, resourceId)
  return {
    resourceId,
    entityType: type.name,
    display: row._display,
    deleted: null,
    values: await explainValues(session, model, type, { record, history, replicas, shared, pruned }),
    replicas,
    links: await explainLinks(session, model, type, resourceId),
    ...(orphanLinks.length === 0 ? {} : { orphanLinks }),
    history,
    ...(pruned === undefined ? {} : { prunedThrough: pruned.through }),
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

interface ShownRow extends ResourceRow {
  readonly _display: string | null
  readonly _created_run: string | null
  readonly _changed_run: string | null
}

/** `undefined`: nothing that has ever happened to the resource can have been pruned. */
async function prunedOf(
  session: Session,
  { _created_run: created, _changed_run: changed }: ShownRow,
): Promise<PrunedHistory | undefined> {
  const { through } = await one(session, howFarPruned)
  if (Number(created ?? 0) > Number(through) || through === '0') return undefined
  return { through: Number(through), unchanged: changed === null || created === changed }
}

const howFarPruned = statement<{ through: string }>(
  'explain/pruned-through',
  sql`select ${prunedThrough('history')} as through`,
)

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
): Statement<ShownRow> {
  const display = displayIn(model, type)?.text(sql`o`) ?? sql`null::text`
  const columns = [
    sql`o.resource_id, o.entity_type, ${display} as _display, o.${sql.identifier(createdRunColumn)}, o.${sql.identifier(changedRunColumn)}`,
    ...readers.flatMap(({ select }) => select),
  ]
  const joins = readers.map(({ join }) => join)
  return statement(
    `explain/read-resource ${type.name}`,
    sql`select ${commas(columns)}
    from ${relationOf(model, type, false)} o ${sql.join(joins, ' ')}
    where o.resource_id = ${sql.value(resourceId)}::bigint`,
  )
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
