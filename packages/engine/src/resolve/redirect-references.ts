/**
 * References to resources that go point to something else from now on, or to nothing.
 *
 * @module
 */
import type { ReferenceProperty } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { displayText } from '../sql/display-values.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'

/** Every reference property of a type that has resources. */
export function referencesIn({ model }: Pick<RunContext, 'model'>): readonly {
  readonly entityType: string
  readonly property: ReferenceProperty
}[] {
  return [...model.entityTypes.values()].flatMap((type) =>
    type.abstract
      ? []
      : type.properties.flatMap((property) =>
          property.type === 'reference' ? [{ entityType: type.name, property }] : [],
        ),
  )
}

/** `goingOf`: of an entity type and those that extend it, relation (from_id, to_id) of what goes and what takes its place; `undefined`: nothing goes. */
export async function redirectReferences(
  context: RunContext,
  changes: EntityChanges,
  goingOf: (entityType: string) => SQL | undefined,
): Promise<EntityChanges> {
  const { session, workTables } = context
  let redirected = changes
  for (const { entityType, property } of referencesIn(context)) {
    const going = goingOf(property.to)
    if (going === undefined) continue
    const of = { entityType, property, going }
    const table = redirected.tables.get(entityType)
    if (table !== undefined) await run(session, redirectChanging(of, table))
    const affected = await workTables.fill(
      workTables.named('affected_references', entityType),
      pointingAtGoing(of, table),
    )
    if (affected.count > 0) {
      const made = await withChangeTable(context, redirected, entityType)
      await run(session, redirectStored(context, of, { changes: made.table, affected: affected.table }))
      redirected = made.changes
    }
    await workTables.drop([affected.table])
  }
  return redirected
}

interface Redirected {
  readonly entityType: string
  readonly property: ReferenceProperty
  readonly going: SQL
}

/** What would point to itself points nowhere: the two were one. */
function redirectChanging({ entityType, property, going }: Redirected, changes: Table): Statement {
  const column = columnOf(property)
  return statement(
    `resolve/redirect-references-of-changing ${entityType}.${property.name}`,
    sql`update ${changes} c set ${sql.identifier(column)} = nullif(g.to_id, c.resource_id),
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    from ${going} g where c._operation <> 'delete' and g.from_id = ${columnOfRow(sql`c`, column)}`,
  )
}

function pointingAtGoing({ entityType, property, going }: Redirected, changes: Table | undefined): Statement {
  const others =
    changes === undefined
      ? sql.blank
      : sql` where not exists (select from ${changes} c where c.resource_id = o.resource_id)`
  return statement(
    `resolve/find-references-to-going ${entityType}.${property.name}`,
    sql`select o.resource_id, g.to_id from ${resourcesOf(entityType)} o
    join ${going} g on g.from_id = ${columnOfRow(sql`o`, columnOf(property))}${others}`,
  )
}

function redirectStored(
  { model }: RunContext,
  { entityType, property }: Redirected,
  { changes, affected }: { readonly changes: Table; readonly affected: Table },
): Statement {
  const type = entityTypeOf(model, entityType)
  const names = columnNames(type)
  const column = columnOf(property)
  const values = names.map((name) => (name === column ? sql`q.to_id` : columnOfRow(sql`o`, name)))
  return statement(
    `resolve/redirect-references ${entityType}.${property.name}`,
    sql`insert into ${changes} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'update', o.resource_id, ${displayText(model, type, sql`o`)}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(values)}
    from ${affected} q join ${resourcesOf(entityType)} o on o.resource_id = q.resource_id`,
  )
}
