/**
 * The stored graph of a source, with the changes of a delivery laid over it.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'
import type { StagedGraph } from './staged-graph.ts'
import { columnsOf, nodeColumns, relationshipColumns, storedNodes, storedRelationships } from './tables.ts'

/** Relations in parentheses, with the columns of a staged graph. */
export interface GraphNow {
  readonly nodes: SQL
  readonly relationships: SQL
}

export function graphNow(sourceId: number, { nodes, relationships }: StagedGraph): GraphNow {
  const own = sql`s.source_id = ${sql.literal(sourceId)}`
  const keptNodes = sql`select s.id, s.kind, s.attributes, case when s.destroyed then 'true' end as destroyed from ${storedNodes} s where ${own}`
  const columns = columnsOf(sql`s`, relationshipColumns)
  const keptRelationships = sql`select ${columns} from ${storedRelationships} s where ${own}`
  const unchanged = (changes: SQL) => sql`not exists (select from ${changes} d where d.id = s.id)`
  const arrived = (changes: SQL, names: readonly string[]) =>
    sql`select ${columnsOf(sql`d`, names)} from ${changes} d where d._command <> 'delete'`
  const changed = arrived(sql`${relationships}`, relationshipColumns)
  return {
    nodes: sql`(${keptNodes} and ${unchanged(sql`${nodes}`)} union all ${arrived(sql`${nodes}`, nodeColumns)})`,
    relationships: sql`(${keptRelationships} and ${unchanged(sql`${relationships}`)} union all ${changed})`,
  }
}

/** Relation (node, role, relationship, other_role, other): each relationship once from either end. */
export function bothWays(relationships: SQL): SQL {
  return sql`(select e.from_id as node, e.from_role as role, e.kind as relationship, e.to_role as other_role, e.to_id as other from ${relationships} e
    union all select e.to_id, e.to_role, e.kind, e.from_role, e.from_id from ${relationships} e)`
}
