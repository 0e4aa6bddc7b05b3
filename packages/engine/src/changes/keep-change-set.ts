/**
 * Copies what a run has computed from its work tables into such as outlive the run and a crash of the server.
 *
 * @module
 */
import { run, type Session, type SQL, sql, statement, Table } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { type ChangeSet, replicaChanges } from './change-set.ts'
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
    entities.push({ ...entry, table: await keep(entry.entityType, relation(entry.table)) })
  }
  const replicas: ChangeSet['replicas'] = []
  for (const entry of changeSet.replicas) {
    const table = await keep(entry.entityType, replicaChanges(entry.rows))
    replicas.push({ ...entry, rows: { kind: 'table', table } })
  }
  const links: ChangeSet['links'] = []
  for (const entry of changeSet.links) {
    links.push({ ...entry, table: await keep(entry.association, relation(entry.table)) })
  }
  return { ...changeSet, entities, replicas, links }
}

/** Drops what was kept, with the changes of orphans. */
export async function dropChangeSet(session: Session, runId: number, changeSet: ChangeSet): Promise<void> {
  const tables = [
    ...changeSet.entities.map(({ table }) => table),
    ...changeSet.replicas.flatMap(({ rows }) => (rows.kind === 'table' ? [rows.table] : [])),
    ...changeSet.links.map(({ table }) => table),
  ]
  for (const name of tables) {
    await run(session, statement('changes/drop-kept', sql`drop table if exists ${new Table(name)}`))
  }
  for (const step of dropOrphanChanges(runId)) await run(session, step)
}
