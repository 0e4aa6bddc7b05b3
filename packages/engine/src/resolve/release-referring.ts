/**
 * What people, and rows of shared types, have pointed at resources that go: their references are emptied, their links go.
 *
 * What a source asserts that owns its resources whole waits for its target to come back; a person has named this very resource, so nothing
 * waits, and a shared type's next run asks again.
 *
 * @module
 */
import type { ReferenceProperty } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  commas,
  exists,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import { type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import { entityTypeOf, familyNames, type RunContext } from '../context/run-context.ts'
import { displayText } from '../sql/display-values.ts'
import { havePeopleEdited, people } from '../sql/people.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, linkColumns, linksOf, resourcesOf } from '../sql/tables.ts'

export interface Released {
  readonly changes: EntityChanges
  readonly links: readonly LinkChangeTable[]
}

/** `losing`: the entity types of which resources are deleted. To be called when what sources assert is looked up again. */
export async function releaseReferring(
  context: RunContext,
  changes: EntityChanges,
  losing: readonly string[],
): Promise<Released> {
  if (losing.length === 0) return { changes, links: [] }
  if (!hasSharedTypes(context) && !(await exists(context.session, havePeopleEdited)))
    return { changes, links: [] }
  return {
    changes: await emptyReferences(context, changes, losing),
    links: await takeLinks(context, changes, losing),
  }
}

/** What sources assert of shared types waits for nothing, either: their next runs ask again. */
function hasSharedTypes({ sources }: Pick<RunContext, 'sources'>): boolean {
  return [...sources.values()].some(({ source }) =>
    source.entities.some(({ federation }) => federation !== undefined),
  )
}

/** Query (resource_id) of what is deleted of a type and those that extend it; `undefined`: nothing can be. */
export function goneOf(
  { model }: Pick<RunContext, 'model'>,
  { tables }: EntityChanges,
  entityType: string,
  losing: readonly string[],
): SQL | undefined {
  const gone = familyNames(model, entityType).flatMap((name) => {
    const table = losing.includes(name) ? tables.get(name) : undefined
    return table === undefined
      ? []
      : [sql`select d.resource_id from ${table} d where d._operation = 'delete'`]
  })
  return gone.length === 0 ? undefined : unionAll(gone)
}

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

interface Emptied {
  readonly entityType: string
  readonly property: ReferenceProperty
  readonly gone: SQL
}

async function emptyReferences(
  context: RunContext,
  changes: EntityChanges,
  losing: readonly string[],
): Promise<EntityChanges> {
  const { session, workTables } = context
  let emptied = changes
  for (const { entityType, property } of referencesIn(context)) {
    const gone = goneOf(context, changes, property.to, losing)
    if (gone === undefined) continue
    const of = { entityType, property, gone }
    const table = emptied.tables.get(entityType)
    if (table !== undefined) await run(session, emptyChanging(of, table))
    const affected = await workTables.fill(
      workTables.named('affected_references', entityType),
      pointingAtGone(of, table),
    )
    if (affected.count > 0) {
      const made = await withChangeTable(context, emptied, entityType)
      await run(session, emptyStored(context, of, { changes: made.table, affected: affected.table }))
      emptied = made.changes
    }
    await workTables.drop([affected.table])
  }
  return emptied
}

function emptyChanging({ entityType, property, gone }: Emptied, changes: Table): Statement {
  const column = columnOf(property)
  return statement(
    `resolve/empty-references-of-changing ${entityType}.${property.name}`,
    sql`update ${changes} c set ${sql.identifier(column)} = null,
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    where c._operation <> 'delete' and ${columnOfRow(sql`c`, column)} in (${gone})`,
  )
}

function pointingAtGone({ entityType, property, gone }: Emptied, changes: Table | undefined): Statement {
  const others =
    changes === undefined
      ? sql.blank
      : sql` and not exists (select from ${changes} c where c.resource_id = o.resource_id)`
  return statement(
    `resolve/find-references-to-gone ${entityType}.${property.name}`,
    sql`select o.resource_id from ${resourcesOf(entityType)} o
    where ${columnOfRow(sql`o`, columnOf(property))} in (${gone})${others}`,
  )
}

function emptyStored(
  { model }: RunContext,
  { entityType, property }: Emptied,
  { changes, affected }: { readonly changes: Table; readonly affected: Table },
): Statement {
  const type = entityTypeOf(model, entityType)
  const names = columnNames(type)
  const column = columnOf(property)
  const values = names.map((name) => (name === column ? sql.null : columnOfRow(sql`o`, name)))
  return statement(
    `resolve/empty-references ${entityType}.${property.name}`,
    sql`insert into ${changes} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'update', o.resource_id, ${displayText(type, sql`o`)}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(values)}
    from ${affected} q join ${resourcesOf(entityType)} o on o.resource_id = q.resource_id`,
  )
}

async function takeLinks(
  context: RunContext,
  changes: EntityChanges,
  losing: readonly string[],
): Promise<readonly LinkChangeTable[]> {
  const { model, workTables } = context
  const taken: LinkChangeTable[] = []
  for (const { name } of model.associations.values()) {
    const links = linksOfPeopleGoing(context, changes, name, losing)
    if (links === undefined) continue
    const { table, count } = await workTables.fill(
      workTables.named('link_changes', `people_${name}`),
      statement(`resolve/find-links-of-people-going ${name}`, links),
    )
    if (count > 0) taken.push({ source: null, association: name, table })
    else await workTables.drop([table])
  }
  return taken
}

/** Query of the changes by which people's links go that have lost an end; `undefined`: none can. */
function linksOfPeopleGoing(
  context: Pick<RunContext, 'model' | 'sources'>,
  changes: EntityChanges,
  name: string,
  losing: readonly string[],
): SQL | undefined {
  const association = context.model.associations.get(name)
  if (association === undefined) return undefined
  const columns = linkColumns(association).map((column) => sql`l.${column}`)
  const openTables = [...context.sources.values()].filter(({ source }) => source.table === true)
  const writers = [people, ...openTables.map(({ id }) => sql.literal(id))]
  const queries = (['from', 'to'] as const).flatMap((end) => {
    const gone = goneOf(context, changes, association[end], losing)
    return gone === undefined
      ? []
      : [
          sql`select l.source_id, l.from_id, l.to_id${more(columns)} from ${linksOf(name)} l
          where l.source_id in (${commas(writers)}) and l.${sql.identifier(`${end}_id`)} in (${gone})`,
        ]
  })
  if (queries.length === 0) return undefined
  return sql`select 'delete' as _operation, null::boolean as _drift, l.*
    from (${sql.join(queries, ' union ')}) l`
}
