/**
 * A source goes, and nothing of it stays stuck: what it still holds becomes nobody's, and what was under way is over.
 *
 * @module
 */
import { fills, orderLife, type RunBy, type StoredModel, type StoredSource, scopeOf } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { forgetDefinition, noteChange } from '../definitions/definition-store.ts'
import { entityTable, graphTables, linkTable, replicaTable } from '../layout/layout.ts'
import { readModel } from '../read/read-model.ts'
import { type SQL, sql, statement, Table } from '../sql/statement.ts'
import { evolveWithin } from './evolve.ts'

/** Tables of the replicas that a source may have of resources of exactly this type. */
function replicasOf({ name, entities }: StoredSource, entityType: string): readonly Table[] {
  return entities
    .filter((mapping) => fills(mapping, entityType))
    .map((mapping) => new Table(replicaTable(name, mapping.entityType)))
}

/** The number of no source: whoever's links have it may be changed by anybody. */
const nobody = sql`0`

/**
 * In a transaction that somebody else ends, and that has the lock of runs. `runId`: the run by which it goes, which is not over yet.
 * `detail`: what became of its resources, for the history.
 */
export async function removeSourceWithin(
  database: Pick<Database, 'schema' | 'tryExclusive'>,
  session: Session,
  of: { readonly source: string; readonly runId: number; readonly by: RunBy; readonly detail: string },
): Promise<void> {
  const model = await readModel(session)
  const source = model.sources.get(of.source)
  if (source !== undefined) await freeWhatItHolds(session, model, source, of.runId)
  for (const [name, query] of endings(of)) await run(session, statement(`evolve/${name}`, query))
  await forgetDefinition(session, of.source)
  const { by, detail } = of
  await noteChange(session, { source: of.source, event: 'deleted', definition: null, detail, by })
  const sources = new Map([...model.sources].filter(([name]) => name !== of.source))
  await evolveWithin(
    database,
    session,
    { ...model, sources },
    { allowLoss: true, meant: true, withinRun: true, by },
  )
}

async function freeWhatItHolds(
  session: Session,
  model: StoredModel,
  { name, entities }: StoredSource,
  runId: number,
): Promise<void> {
  for (const entityType of new Set(entities.flatMap(scopeOf))) {
    const held = [...model.sources.values()]
      .filter((other) => other.name !== name)
      .flatMap((other) => replicasOf(other, entityType))
      .map((replicas) => sql` and not exists (select from ${replicas} x where x.resource_id = o.resource_id)`)
    const free = sql`insert into sluice_free_resource (resource_id, run_id)
      select o.resource_id, ${sql.literal(runId)} from ${new Table(entityTable(entityType))} o
      where true${sql.join(held, '')} on conflict do nothing`
    await run(session, statement(`evolve/free-resources ${name}.${entityType}`, free))
  }
  for (const association of model.associations.values()) {
    const links = new Table(linkTable(association.name))
    const own = sql`l.source_id = ${numberOf(name)}`
    const sameEnds = {
      'many-to-many': sql`x.from_id = l.from_id and x.to_id = l.to_id`,
      'many-to-one': sql`x.from_id = l.from_id`,
      'one-to-many': sql`x.to_id = l.to_id`,
    }[association.cardinality]
    // What others say, too, stays theirs.
    const free = sql`update ${links} l set source_id = ${nobody} where ${own} and not exists (select from ${links} x
      where x.source_id <> l.source_id and ${sameEnds})`
    await run(session, statement(`evolve/free-links ${association.name}`, free))
    await run(
      session,
      statement(`evolve/leave-links ${association.name}`, sql`delete from ${links} l where ${own}`),
    )
  }
}

function endings({
  source,
  runId,
}: {
  readonly source: string
  readonly runId: number
}): readonly (readonly [name: string, query: SQL])[] {
  const own = sql`source_id = ${numberOf(source)}`
  const states = (names: readonly string[]) =>
    sql.join(
      names.map((state) => sql.literal(state)),
      ', ',
    )
  return [
    [
      'end-orders',
      sql`update sluice_order set state = ${sql.literal(orderLife.destinationOf('cancelled'))}, state_since = clock_timestamp(),
        state_run = ${sql.literal(runId)} where ${own} and state in (${states(orderLife.statesThatTake('cancelled'))})`,
    ],
    ['forget-waiting-references', sql`delete from sluice_orphan_reference where ${own}`],
    ['forget-waiting-links', sql`delete from sluice_orphan_link where ${own}`],
    ['forget-counts', sql`delete from sluice_stored where ${own}`],
    ['forget-mappings', sql`delete from sluice_mapping where ${own}`],
    ['forget-loads', sql`delete from sluice_load where ${own}`],
    ['forget-resource-counts', sql`delete from sluice_resource_count where ${own}`],
    ...graphTables.map(
      (table) => [`forget-${table}`, sql`delete from ${new Table(table)} where ${own}`] as const,
    ),
    ['forget-suspension', sql`delete from sluice_suspension where ${own}`],
    ['forget-expected', sql`delete from sluice_expected_source where source = ${sql.value(source)}`],
    ['forget-delivery', sql`update sluice_source set applied_delivery = null where ${own}`],
  ]
}

function numberOf(source: string): SQL {
  return sql`(select source_id from sluice_source where name = ${sql.value(source)})`
}
