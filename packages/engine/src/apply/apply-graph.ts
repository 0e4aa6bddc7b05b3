/**
 * Writes what changes of the stored graph of a source.
 *
 * @module
 */
import { run, type Session, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { GraphChanges } from '../changes/change-set.ts'
import { measureGrown } from './measure-grown.ts'

interface StoredPart {
  readonly part: keyof Omit<GraphChanges, 'sourceId'>
  readonly table: string
  /** Besides the source. */
  readonly key: readonly [string, ...string[]]
  readonly columns: readonly string[]
  /** Besides the source. */
  readonly foundBy: readonly string[]
}

const parts: readonly StoredPart[] = [
  {
    part: 'nodes',
    table: 'sluice_graph_node',
    key: ['id'],
    columns: ['kind', 'attributes', 'destroyed'],
    foundBy: ['id', 'kind'],
  },
  {
    part: 'relationships',
    table: 'sluice_graph_relationship',
    key: ['id'],
    columns: ['from_id', 'from_role', 'kind', 'to_role', 'to_id', 'attributes'],
    foundBy: ['id', 'from_id', 'from_role', 'kind', 'to_role', 'to_id'],
  },
  {
    part: 'results',
    table: 'sluice_graph_result',
    key: ['mapping', 'key', 'root'],
    columns: ['fields', 'digest'],
    foundBy: ['mapping', 'key', 'root'],
  },
  {
    part: 'failures',
    table: 'sluice_graph_failure',
    key: ['root'],
    columns: ['kind', 'problem', 'message', 'file', 'line', 'column_number', 'since_run'],
    foundBy: ['root'],
  },
]

export async function applyGraphChanges(
  { session }: { readonly session: Session },
  changes: GraphChanges,
): Promise<void> {
  for (const part of parts) {
    const of = { ...part, changes: new Table(changes[part.part]), sourceId: changes.sourceId }
    await run(session, deleteGone(of))
    const { count } = await run(session, putChanged(of))
    await measureGrown(session, { table: new Table(of.table), count, columns: ['source_id', ...of.foundBy] })
  }
}

type Applying = StoredPart & { readonly changes: Table; readonly sourceId: number }

function deleteGone({ part, table, key, changes, sourceId }: Applying): Statement {
  const same = key.map((name) => sql`s.${sql.identifier(name)} = c.${sql.identifier(name)}`)
  return statement(
    `apply/delete-graph ${part}`,
    sql`delete from ${new Table(table)} s using ${changes} c
    where c._operation = 'delete' and s.source_id = ${sql.literal(sourceId)} and ${sql.join(same, ' and ')}`,
  )
}

function putChanged({ part, table, key, columns, changes, sourceId }: Applying): Statement {
  const list = (names: readonly string[], of: (name: SQL) => SQL) =>
    sql.join(
      names.map((name) => of(sql.identifier(name))),
      ', ',
    )
  const all = [...key, ...columns]
  return statement(
    `apply/put-graph ${part}`,
    sql`insert into ${new Table(table)} (source_id, ${list(all, (name) => name)})
    select ${sql.literal(sourceId)}, ${list(all, (name) => sql`c.${name}`)} from ${changes} c where c._operation <> 'delete'
    on conflict (source_id, ${list(key, (name) => name)}) do update set ${list(columns, (name) => sql`${name} = excluded.${name}`)}`,
  )
}
