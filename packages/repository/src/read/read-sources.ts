/**
 * Reads what sources hold: rows, resources, links; and what is under way for them.
 *
 * @module
 */
import {
  deliveryLife,
  fills,
  orderLife,
  replicaLayoutOf,
  type SourceHoldings,
  type StoredModel,
  type StoredSource,
  scopeOf,
} from '@sluice/model'
import type { Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { linkTable, replicaTable } from '../layout/layout.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { unionAll } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'

/** Of one source of the model. */
export async function readHoldings(
  session: Session,
  model: StoredModel,
  source: StoredSource,
): Promise<SourceHoldings> {
  const sums = { replicas: 0, resources: 0, sharedResources: 0, created: 0 }
  for (const mapping of source.entities) {
    const counted = await one(session, countType(model, source.name, mapping))
    sums.replicas += Number(counted.replicas)
    sums.resources += Number(counted.resources)
    sums.sharedResources += Number(counted.shared)
    sums.created += Number(counted.created)
  }
  const { links } = await one(session, countLinks(model, source.name))
  const { rows } = await run(session, countUnderWay(source.name))
  const [{ deliveries, orders } = { deliveries: '0', orders: '0' }] = rows
  return { ...sums, links: Number(links), deliveries: Number(deliveries), orders: Number(orders) }
}

function countType(
  model: StoredModel,
  source: string,
  mapping: StoredSource['entities'][number],
): Statement<{ replicas: string; resources: string; shared: string; created: string }> {
  const { entityType } = mapping
  const types = scopeOf(mapping)
  const held = [...model.sources.values()]
    .filter(({ name }) => name !== source)
    .flatMap(({ name, entities }) =>
      entities
        .filter((other) => types.some((type) => fills(other, type)))
        .map((other) => new Table(replicaTable(name, other.entityType))),
    )
    .map((replicas) => sql`exists (select from ${replicas} x where x.resource_id = r.resource_id)`)
  const shared = held.length === 0 ? sql.false : sql`(${sql.join(held, ' or ')})`
  const isShared = replicaLayoutOf(storedOwnership(model, entityType)) === 'values'
  const creator = isShared ? sql`r.creator` : sql.true
  return statement(
    `read/count-held ${source}.${entityType}`,
    sql`select count(*)::text as replicas, count(distinct r.resource_id)::text as resources,
      (count(distinct r.resource_id) filter (where ${shared}))::text as shared,
      (count(distinct r.resource_id) filter (where ${creator} and not ${shared}))::text as created
    from ${new Table(replicaTable(source, entityType))} r`,
  )
}

function countLinks(model: StoredModel, source: string): Statement<{ links: string }> {
  const counts = [...model.associations.values()].map(
    ({ name }): SQL =>
      sql`select count(*) as n from ${new Table(linkTable(name))} l where l.source_id = ${numberOf(source)}`,
  )
  const all = counts.length === 0 ? sql`select 0 as n` : unionAll(counts)
  return statement(
    `read/count-links ${source}`,
    sql`select coalesce(sum(x.n), 0)::text as links from (${all}) x`,
  )
}

function countUnderWay(source: string): Statement<{ deliveries: string; orders: string }> {
  const states = (names: readonly string[]) =>
    sql.join(
      names.map((state) => sql.literal(state)),
      ', ',
    )
  return statement(
    'read/count-under-way',
    sql`select (select count(*) from sluice_delivery where source_id = ${numberOf(source)} and state in (${states(deliveryLife.open)}))::text as deliveries,
      (select count(*) from sluice_order where source_id = ${numberOf(source)} and state in (${states(orderLife.open)}))::text as orders`,
  )
}

function numberOf(source: string): SQL {
  return sql`(select source_id from sluice_source where name = ${sql.value(source)})`
}
