/**
 * What a run changes in the stored graph of its source, in its results and in the roots that failed.
 *
 * @module
 */
import type { ChangeCounts } from '@sluice/model'
import { one, run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { GraphChanges } from '../changes/change-set.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { FailedRoot } from './evaluation.ts'
import type { GraphPart, StagedGraph } from './staged-graph.ts'
import {
  columnsOf,
  nodeColumns,
  relationshipColumns,
  storedFailures,
  storedNodes,
  storedRelationships,
} from './tables.ts'

/** How many nodes or relationships there are of each kind of change. */
export async function countChanges(
  { session }: SourcePart,
  part: GraphPart,
  changes: GraphChanges,
): Promise<ChangeCounts> {
  const counted = (operation: string) =>
    sql`(count(*) filter (where c._operation = ${sql.literal(operation)}))::int`
  return await one(
    session,
    statement<ChangeCounts>(
      `graph/count-changed ${part}`,
      sql`select ${counted('insert')} as inserted, ${counted('update')} as updated, ${counted('delete')} as deleted
      from ${new Table(changes[part])} c`,
    ),
  )
}

export async function findGraphChanges(
  part: SourcePart,
  staged: StagedGraph,
  of: { readonly results: Table; readonly failed: Table; readonly roots: Table | undefined },
): Promise<GraphChanges> {
  const { workTables, sourceId } = part
  const named = (kind: 'graph_changed_nodes' | 'graph_changed_relationships' | 'graph_changed_failures') =>
    workTables.named(kind)
  const find = staged.commands ? changedByCommands : changedByWhole
  const nodes = await workTables.fill(
    named('graph_changed_nodes'),
    find('nodes', { stored: storedNodes, staged: staged.nodes, sourceId, columns: nodeColumns.slice(1) }),
  )
  const relationships = await workTables.fill(
    named('graph_changed_relationships'),
    find('relationships', {
      stored: storedRelationships,
      staged: staged.relationships,
      sourceId,
      columns: relationshipColumns.slice(1),
    }),
  )
  const failures = await workTables.fill(named('graph_changed_failures'), changedFailures(part, of))
  return {
    sourceId,
    nodes: nodes.table.name,
    relationships: relationships.table.name,
    results: of.results.name,
    failures: failures.table.name,
  }
}

interface Comparing {
  readonly stored: Table
  readonly staged: Table
  readonly sourceId: number
  /** Besides the name. */
  readonly columns: readonly string[]
}

/** _operation (insert, update, delete), and the columns. */
function changedByCommands(part: string, { stored, staged, sourceId, columns }: Comparing): Statement {
  const isStored = sql`exists (select from ${stored} s where s.source_id = ${sql.literal(sourceId)} and s.id = d.id)`
  return statement(
    `graph/find-changed ${part}`,
    sql`select case when d._command = 'delete' then 'delete' when ${isStored} then 'update' else 'insert' end as _operation, d.id, ${typed(columns)}
    from ${staged} d where d._command <> 'delete' or ${isStored}`,
  )
}

function changedByWhole(part: string, { stored, staged, sourceId, columns }: Comparing): Statement {
  const before = sql`(select * from ${stored} s where s.source_id = ${sql.literal(sourceId)}) s`
  const now = sql`(select d.id, ${typed(columns)} from ${staged} d) d`
  const row = (alias: SQL) => sql`(${columnsOf(alias, columns)})`
  return statement(
    `graph/find-changed ${part}`,
    sql`select case when d.id is null then 'delete' when s.id is null then 'insert' else 'update' end as _operation, coalesce(d.id, s.id) as id, ${columnsOf(sql`d`, columns)}
    from ${now} full join ${before} on s.id = d.id
    where d.id is null or s.id is null or ${row(sql`d`)} is distinct from ${row(sql`s`)}`,
  )
}

/** As they are stored. */
function typed(columns: readonly string[]): SQL {
  return sql.join(
    columns.map((name) =>
      name === 'destroyed'
        ? sql`coalesce(d.destroyed = 'true', false) as destroyed`
        : name === 'attributes'
          ? sql`coalesce(d.attributes, '{}') as attributes`
          : sql`d.${sql.identifier(name)}`,
    ),
    ', ',
  )
}

export async function createFailed(
  { session, workTables }: SourcePart,
  failed: readonly FailedRoot[],
): Promise<Table> {
  const table = workTables.named('graph_failed')
  const text = sql`text collate "C"`
  await workTables.create(
    'graph/create-failed',
    table,
    sql`root ${text} primary key, kind ${text}, problem ${text}, message ${text}, file ${text}, line integer, column_number integer`,
  )
  const rows = failed.map(({ column, ...one }) => ({ ...one, column_number: column }))
  await run(
    session,
    statement(
      'graph/fill-failed',
      sql`insert into ${table} select j.* from jsonb_to_recordset(${sql.value(JSON.stringify(rows))}::jsonb)
        j(root text, kind text, problem text, message text, file text, line integer, column_number integer)`,
    ),
  )
  return table
}

function changedFailures(
  { sourceId, runId }: SourcePart,
  { failed, roots }: { readonly failed: Table; readonly roots: Table | undefined },
): Statement {
  const tried = roots === undefined ? sql.true : sql`exists (select from ${roots} a where a.root = s.root)`
  return statement(
    'graph/find-changed failures',
    sql`select case when f.root is null then 'delete' else 'put' end as _operation, coalesce(f.root, s.root) as root,
      f.kind, f.problem, f.message, f.file, f.line, f.column_number, coalesce(s.since_run, ${sql.literal(runId)}) as since_run
    from ${failed} f full join (select * from ${storedFailures} s where s.source_id = ${sql.literal(sourceId)} and ${tried}) s on s.root = f.root
    where f.root is null or s.root is null
      or (f.problem, f.message, f.file, f.line, f.column_number) is distinct from (s.problem, s.message, s.file, s.line, s.column_number)`,
  )
}
