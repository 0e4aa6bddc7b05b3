/**
 * References to resources that are merged point to the ones they became.
 *
 * @module
 */
import type { ReferenceProperty } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  more,
  run,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import { type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import { entityTypeOf, familyNames, type RunContext } from '../context/run-context.ts'
import { referencesIn } from '../resolve/release-referring.ts'
import { displayText } from '../sql/display-values.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'

export type Merged = ReadonlyMap<string, Table>

export async function moveReferences(
  context: RunContext,
  changes: EntityChanges,
  merged: Merged,
): Promise<EntityChanges> {
  const { session, workTables } = context
  let moved = changes
  for (const { entityType, property } of referencesIn(context)) {
    const pairs = pairsIn(context, merged, property.to)
    if (pairs === undefined) continue
    const of = { entityType, property, pairs }
    const table = moved.tables.get(entityType)
    if (table !== undefined) await run(session, moveChanging(of, table))
    const affected = await workTables.fill(
      workTables.named('affected_references', entityType),
      pointing(of, table),
    )
    if (affected.count > 0) {
      const made = await withChangeTable(context, moved, entityType)
      await run(session, moveStored(context, of, made.table, affected.table))
      moved = made.changes
    }
    await workTables.drop([affected.table])
  }
  return moved
}

/** Relation (merged_id, kept_id) over the family of a type; `undefined`: nothing of it is merged. */
export function pairsIn({ model }: Pick<RunContext, 'model'>, merged: Merged, entityType: string) {
  const tables = familyNames(model, entityType).flatMap((name) => merged.get(name) ?? [])
  if (tables.length === 0) return undefined
  return sql`(${unionAll(tables.map((table) => sql`select p.merged_id, p.kept_id from ${table} p`))})`
}

interface Moving {
  readonly entityType: string
  readonly property: ReferenceProperty
  readonly pairs: NonNullable<ReturnType<typeof pairsIn>>
}

/** What would point to itself points nowhere: the two were one. */
function moveChanging({ entityType, property, pairs }: Moving, changes: Table): Statement {
  const column = columnOf(property)
  return statement(
    `merge/move-references-of-changing ${entityType}.${property.name}`,
    sql`update ${changes} c set ${sql.identifier(column)} = nullif(m.kept_id, c.resource_id),
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    from ${pairs} m where c._operation <> 'delete' and m.merged_id = ${columnOfRow(sql`c`, column)}`,
  )
}

function pointing({ entityType, property, pairs }: Moving, changes: Table | undefined): Statement {
  const others =
    changes === undefined
      ? sql.blank
      : sql` where not exists (select from ${changes} c where c.resource_id = o.resource_id)`
  return statement(
    `merge/find-references ${entityType}.${property.name}`,
    sql`select o.resource_id, m.kept_id from ${resourcesOf(entityType)} o
    join ${pairs} m on m.merged_id = ${columnOfRow(sql`o`, columnOf(property))}${others}`,
  )
}

function moveStored(
  { model }: RunContext,
  { entityType, property }: Moving,
  changes: Table,
  affected: Table,
): Statement {
  const type = entityTypeOf(model, entityType)
  const names = columnNames(type)
  const column = columnOf(property)
  const values = names.map((name) => (name === column ? sql`q.kept_id` : columnOfRow(sql`o`, name)))
  return statement(
    `merge/move-references ${entityType}.${property.name}`,
    sql`insert into ${changes} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'update', o.resource_id, ${displayText(type, sql`o`)}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(values)}
    from ${affected} q join ${resourcesOf(entityType)} o on o.resource_id = q.resource_id`,
  )
}
