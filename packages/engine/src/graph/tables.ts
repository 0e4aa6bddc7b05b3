/**
 * The tables in which graphs are stored.
 *
 * @module
 */
import { type SQL, sql, Table } from '@sluice/repository'

export const storedNodes = new Table('sluice_graph_node')
export const storedRelationships = new Table('sluice_graph_relationship')
export const storedResults = new Table('sluice_graph_result')
export const storedFailures = new Table('sluice_graph_failure')

export const nodeColumns = ['id', 'kind', 'attributes', 'destroyed'] as const
export const relationshipColumns = [
  'id',
  'from_id',
  'from_role',
  'kind',
  'to_role',
  'to_id',
  'attributes',
] as const

/** The columns, each of the row `alias`. */
export function columnsOf(alias: SQL, columns: readonly string[]): SQL {
  return sql.join(
    columns.map((name) => sql`${alias}.${sql.identifier(name)}`),
    ', ',
  )
}
