/**
 * The graph of a delivery, as it came: staging tables of its nodes and of its relationships.
 *
 * @module
 */
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze, measure } from '../context/work-tables.ts'
import { recordRejected } from '../rows/rejected-rows.ts'
import type { RowCounts } from '../rows/staged-rows.ts'
import { nodeColumns, relationshipColumns } from './tables.ts'

/** Tables with `_row` (from 1, in order), `_command` where they are commands, and the columns of `tables.ts`; `destroyed` is `true` or null. */
export interface StagedGraph {
  readonly nodes: Table
  readonly relationships: Table
  /** The rows are changes (insert, update, delete); else together they are the whole graph. */
  readonly commands: boolean
  /** What was counted of them before they were staged. */
  readonly counts: Readonly<Record<GraphPart, RowCounts>>
}

/** A staging table, and its columns in the order of a prepared file's fields. */
export interface StagingTable {
  readonly table: Table
  readonly columns: readonly string[]
}

export type GraphPart = 'nodes' | 'relationships'

/** Makes the staging table of one of the two. */
export async function createGraphStaging(
  { workTables }: SourcePart,
  part: GraphPart,
  commands: boolean,
): Promise<StagingTable> {
  const table = workTables.named(`graph_${part}`)
  const names = part === 'nodes' ? nodeColumns : relationshipColumns
  const columns = [
    sql`_row integer generated always as identity (cache 1000)`,
    ...(commands ? [sql`_command text collate "C" not null`] : []),
    ...names.map((name) => sql`${sql.identifier(name)} text collate "C"`),
  ]
  await workTables.create(`graph/create-staging ${part}`, table, sql.join(columns, ', '))
  return { table, columns: [...(commands ? ['_command'] : []), ...names] }
}

/** Bytes that a name of a node, a kind or a role may have: several of them stand in one index, whose entries take 2,704. */
const longestName = 600
/** Of a relationship, which is named by both its ends. */
const longestRelationship = 2500

/** Changes are laid over what is stored, row by row. */
export async function indexChanges(
  { session }: SourcePart,
  { nodes, relationships }: StagedGraph,
): Promise<void> {
  await run(session, indexOn(nodes, 'id'))
  for (const column of ['id', 'from_id', 'to_id'] as const) await run(session, indexOn(relationships, column))
  await run(session, analyze(nodes))
  await run(session, analyze(relationships))
}

function indexOn(table: Table, column: 'id' | 'from_id' | 'to_id'): Statement {
  return statement(`graph/index-changes ${column}`, sql`create index on ${table} (${sql.identifier(column)})`)
}

/** Rows that cannot be stored are rejected, each by its name; how many those were. */
export async function rejectUnnamed(
  context: SourcePart,
  staged: StagedGraph,
): Promise<Readonly<Record<GraphPart, number>>> {
  const { session } = context
  const rejectedOf = async (part: GraphPart) => {
    await run(session, measure(staged[part]))
    await run(session, fillIn(part, staged[part]))
    return (await one(session, await reject(context, part, staged))).count
  }
  return { nodes: await rejectedOf('nodes'), relationships: await rejectedOf('relationships') }
}

/** A relationship may have no roles, and nothing needs attributes. */
function fillIn(part: GraphPart, table: Table): Statement {
  const filled = part === 'nodes' ? ['attributes'] : ['from_role', 'to_role', 'attributes']
  const nothing = (name: string) => sql.literal(name === 'attributes' ? '{}' : '')
  const sets = filled.map(
    (name) => sql`${sql.identifier(name)} = coalesce(g.${sql.identifier(name)}, ${nothing(name)})`,
  )
  const missing = filled.map((name) => sql`g.${sql.identifier(name)} is null`)
  return statement(
    `graph/fill-in ${part}`,
    sql`update ${table} g set ${sql.join(sets, ', ')} where ${sql.join(missing, ' or ')}`,
  )
}

async function reject(
  context: SourcePart,
  part: GraphPart,
  staged: StagedGraph,
): Promise<Statement<{ count: number }>> {
  const reason = part === 'nodes' ? wrongNode : wrongRelationship
  const row = sql`g`
  const gone = sql`gone as (delete from ${staged[part]} g where ${reason(row)} is not null
      ${staged.commands ? sql`and g._command <> 'delete'` : sql.blank} returning g.id, ${reason(row)} as reason)`
  const rows = sql`select ${sql.literal(part)} as mapping, '' as file, null::bigint as line, left(id, 200) as key, null as column_name,
      null as value, reason from gone`
  const recorded = (await recordRejected(context, 'x', rows)).query
  return statement(
    `graph/reject-unnamed ${part}`,
    sql`with ${gone}, recorded as (${recorded}) select count(*)::int as count from gone`,
  )
}

function wrongNode(row: SQL): SQL {
  return sql`case when ${row}.id is null then 'a node without a name'
      when ${row}.kind is null then 'a node without a kind'
      when octet_length(${row}.id) > ${sql.literal(longestName)} then ${tooLong('the name of a node', longestName)}
      when octet_length(${row}.kind) > ${sql.literal(longestName)} then ${tooLong('the kind of a node', longestName)} end`
}

function wrongRelationship(row: SQL): SQL {
  const missing = ['from_id', 'kind', 'to_id'].map((name) => sql`${row}.${sql.identifier(name)} is null`)
  return sql`case when ${sql.join(missing, ' or ')} then 'a relationship without a kind, or without one of its ends'
      when octet_length(${row}.id) > ${sql.literal(longestRelationship)}
        then ${tooLong('the names of a relationship', longestRelationship)} end`
}

function tooLong(what: string, bytes: number): SQL {
  return sql.literal(`${what} is longer than ${bytes} bytes`)
}
