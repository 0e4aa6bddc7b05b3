/**
 * Of a row that could not be read, and of which no field is told because one may be a secret: it may be the row of anything that the
 * mapping has brought.
 *
 * @module
 */
import { nodesMapping } from '@sluice/model'
import { run, type SQL, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import { familyNames, type SourcePart } from '../context/run-context.ts'
import { namedBy } from '../sql/lookups.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'

/** Adds every name to the table (mapping, field) of what such rows seem to hold. */
export async function rememberAllNames(
  part: SourcePart,
  table: Table,
  mappings: ReadonlySet<string>,
): Promise<void> {
  for (const name of mappings) {
    const queries = namesIn(part, name)
    if (queries.length > 0) await run(part.session, addNames(table, name, queries))
  }
}

function namesIn(part: SourcePart, name: string): readonly SQL[] {
  const { source, model } = part
  if (source.graph !== undefined) return namesInGraph(part, name)
  const entity = source.entities.find((mapping) => mapping.name === name)
  if (entity !== undefined) return [sql`select r.key from ${replicasOf(source.name, entity.entityType)} r`]
  const mapping = source.associations.find((one) => one.name === name)
  const association = model.associations.get(mapping?.association ?? '')
  if (mapping === undefined || association === undefined) return []
  return [
    ...namesOf(part, association.from, mapping.from.by),
    ...namesOf(part, association.to, mapping.to.by),
  ]
}

/** Nodes, and the ends of relationships. */
function namesInGraph({ sourceId }: SourcePart, name: string): readonly SQL[] {
  const own = sql`source_id = ${sql.literal(sourceId)}`
  if (name === nodesMapping) return [sql`select id from sluice_graph_node where ${own}`]
  return ['from_id', 'to_id'].map(
    (end) => sql`select distinct ${sql.identifier(end)} from sluice_graph_relationship where ${own}`,
  )
}

function namesOf(part: SourcePart, entityType: string, by: string): readonly SQL[] {
  return familyNames(part.model, entityType).map(
    (type) => sql`select ${namedBy(part, type, by, sql`o`)} from ${resourcesOf(type)} o`,
  )
}

function addNames(table: Table, mapping: string, queries: readonly SQL[]): Statement {
  return statement(
    `intake/remember-all-names ${mapping}`,
    sql`insert into ${table} (mapping, field)
    select ${sql.literal(mapping)}, x.name from (${unionAll(queries)}) x(name) where x.name <> ''`,
  )
}
