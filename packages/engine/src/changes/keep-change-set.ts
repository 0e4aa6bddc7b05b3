/**
 * Copies what a run has computed from its work tables into such as outlive the run and a crash of the server.
 *
 * @module
 */
import {
  commas,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { unlessLocked } from '../context/unless-locked.ts'
import { replicasOf } from '../sql/tables.ts'
import { type ChangeSet, replicaChanges, sizeOf } from './change-set.ts'
import { indexChanges, isWorthIndex, orderChanges } from './entity-changes.ts'
import { dropOrphanChanges } from './orphan-changes.ts'

export async function keepChangeSet(context: RunContext, changeSet: ChangeSet): Promise<ChangeSet> {
  const { workTables } = context
  let count = 0
  const keep = async (about: string, rows: SQL): Promise<string> => {
    count += 1
    const table = workTables.named('held', `${count}_${about}`)
    await workTables.keep(`changes/keep ${about}`, table, sql`select * from ${rows} r`)
    return table.name
  }
  const relation = (name: string) => sql`${new Table(name)}`
  const entities: ChangeSet['entities'] = []
  for (const entry of changeSet.entities) {
    const table = await keep(entry.entityType, relation(entry.table))
    // As of a run that is applied at once: histories ask one by one what arriving resources are called.
    if (entry.counts.inserted > 0) await run(context.session, indexChanges(new Table(table)))
    await orderKept(context.session, { ...entry, table }, ['_key', 'resource_id'])
    entities.push({ ...entry, table })
  }
  const replicas: ChangeSet['replicas'] = []
  for (const entry of changeSet.replicas) {
    const table = await keep(entry.entityType, replicaChanges(entry.rows))
    replicas.push({ ...entry, rows: { kind: 'table', table } })
  }
  const statuses: ChangeSet['statuses'] = []
  for (const { arriving, ...entry } of changeSet.statuses) {
    if (arriving !== undefined) await run(context.session, keepArrivals(entry))
    const table = await keep(`${entry.source}_${entry.entityType}`, relation(entry.table))
    statuses.push({ ...entry, table })
  }
  const undone: NonNullable<ChangeSet['undone']> = []
  for (const entry of changeSet.undone ?? []) {
    undone.push({
      ...entry,
      table: await keep(`undone_${entry.source}_${entry.entityType}`, relation(entry.table)),
    })
  }
  const links: ChangeSet['links'] = []
  for (const entry of changeSet.links) {
    const table = await keep(entry.association, relation(entry.table))
    await orderKept(context.session, { ...entry, table }, ['from_id', 'to_id'])
    links.push({ ...entry, table })
  }
  const merges: ChangeSet['merges'] = []
  for (const entry of changeSet.merges) {
    merges.push({ ...entry, table: await keep(`merged_${entry.entityType}`, relation(entry.table)) })
  }
  const { graph } = changeSet
  const kept = graph && {
    sourceId: graph.sourceId,
    nodes: await keep('graph_nodes', relation(graph.nodes)),
    relationships: await keep('graph_relationships', relation(graph.relationships)),
    results: await keep('graph_results', relation(graph.results)),
    failures: await keep('graph_failures', relation(graph.failures)),
  }
  // What was compared is forgotten: until somebody decides, the same rows may be written again.
  return {
    ...changeSet,
    entities,
    replicas,
    statuses,
    undone,
    links,
    merges,
    checked: [],
    ...(kept === undefined ? {} : { graph: kept }),
  }
}

/** Many are read a page at a time, in this order. */
async function orderKept(
  session: Session,
  entry: Pick<ChangeSet['links'][number], 'counts' | 'table'>,
  order: readonly string[],
): Promise<void> {
  if (isWorthIndex(sizeOf(entry))) await run(session, orderChanges(new Table(entry.table), order))
}

/** What the source has said stays, whatever is decided: as a row of which no run has made anything yet. */
function keepArrivals({ source, entityType, table }: ChangeSet['statuses'][number]): Statement {
  return statement(
    `changes/keep-arrivals ${entityType}`,
    sql`insert into ${replicasOf(source, entityType)} (key, seq, digest) overriding system value
    select c.key, c.seq, c.digest from ${new Table(table)} c where c.seq is not null`,
  )
}

/** Drops what was kept, with the changes of orphans. Tables that somebody reads stay, and are swept later. */
export async function dropChangeSet(session: Session, runId: number, changeSet: ChangeSet): Promise<void> {
  const tables = [
    ...changeSet.entities.map(({ table }) => table),
    ...changeSet.replicas.flatMap(({ rows }) => (rows.kind === 'table' ? [rows.table] : [])),
    ...changeSet.statuses.map(({ table }) => table),
    ...(changeSet.undone ?? []).map(({ table }) => table),
    ...changeSet.links.map(({ table }) => table),
    ...changeSet.merges.map(({ table }) => table),
    ...tablesOfGraph(changeSet),
  ]
  const names = tables.map((name) => sql`${new Table(name)}`)
  if (names.length > 0) {
    await unlessLocked(session, async () => {
      await run(session, statement('changes/drop-kept', sql`drop table if exists ${commas(names)}`))
    })
  }
  for (const step of dropOrphanChanges(runId)) await run(session, step)
}

function tablesOfGraph({ graph }: Pick<ChangeSet, 'graph'>): readonly string[] {
  return graph === undefined ? [] : [graph.nodes, graph.relationships, graph.results, graph.failures]
}
