/**
 * Which resource people mean by a key, a name or an id.
 *
 * @module
 */
import { type EntityType, type StoredModel, scopeOf, spellingOf } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import type { Display } from '../layout/display.ts'
import { family, isA, replicaTable } from '../layout/layout.ts'
import { unionAll } from '../sql/fragments.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import { displayIn, propertyReader, relationOf } from './property-reader.ts'
import { SecretNotReadError, UnknownNameError } from './read-errors.ts'

/** `#1001` by id alone; else by a source's key first, then by display value, then by the key behind a class, then by id: the first way that finds any counts. */
export async function findResources(
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
export const idForm = /^#(\d{1,18})$/

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
  const display = displayIn(model, type)
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
  // Where a source is a graph, it puts the class before the key.
  const classes = new Set([type, ...family(model, type.name)].map(({ name }) => name))
  const byDisplay = ({ text }: Display) =>
    statement<{ id: string }>(
      `explain/find-by-display ${type.name}`,
      sql`select o.resource_id as id from ${relation} o where ${text(sql`o`)} = ${asked}
      order by o.resource_id limit ${sql.literal(mostShownAlike)}`,
    )
  return [
    ...(tables.length === 0 ? [] : spellingsOf(type, key).map(byKey)),
    ...(display === undefined ? [] : [byDisplay(display)]),
    ...(tables.length === 0 ? [] : [...classes].map((name) => byKey(`${name}/${key}`))),
    ...(/^\d{1,18}$/.test(key) ? [byId] : []),
  ]
}

/** The key as it was asked for, in Unicode normal form C, and what it says as a number, a date, …: replicas hold names in their one spelling. */
export function spellingsOf({ properties }: EntityType, key: string): readonly string[] {
  return [
    ...new Set([
      key,
      key.normalize('NFC'),
      ...properties.flatMap((property) => spellingOf(property, {})?.of(key) ?? []),
    ]),
  ]
}

export interface SourceReplicas {
  readonly source: string
  readonly replicas: Table
}

/** Of the type and those that extend it. */
export function replicaTablesOf(model: StoredModel, type: EntityType): readonly SourceReplicas[] {
  return [...model.sources.values()].flatMap((source) =>
    source.entities
      .filter((mapping) => scopeOf(mapping).some((name) => isA(model, name, type.name)))
      .map(({ entityType }) => ({
        source: source.name,
        replicas: new Table(replicaTable(source.name, entityType)),
      })),
  )
}

/** By the value of a property, of a reference by what its target is shown as; by `#1001` all the same. */
export async function findResourcesBy(
  session: Session,
  model: StoredModel,
  type: EntityType,
  { by, value }: { readonly by: string; readonly value: string },
): Promise<readonly string[]> {
  const property = type.properties.find(({ name }) => name === by)
  const known = type.properties.map(({ name }) => name)
  if (property === undefined) throw new UnknownNameError('property', by, known)
  if (property.type === 'secret') throw new SecretNotReadError(by)
  if (idForm.test(value)) return await findResources(session, model, type, value)
  const { expression, join } = propertyReader(model, property, sql`o`, 1)
  const found = statement<{ id: string }>(
    `read/find-by-property ${type.name}`,
    sql`select o.resource_id as id from ${relationOf(model, type)} o ${join}
    where ${expression}::text = ${sql.value(value)} order by o.resource_id limit ${sql.literal(mostShownAlike)}`,
  )
  return (await run(session, found)).rows.map(({ id }) => id)
}
