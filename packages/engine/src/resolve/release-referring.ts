/**
 * What people, and rows of shared types, have pointed at resources that go: their references are emptied, their links go.
 *
 * What a source asserts that owns its resources whole waits for its target to come back; a person has named this very resource, so nothing
 * waits, and a shared type's next run asks again.
 *
 * @module
 */
import { commas, exists, more, type SQL, sql, statement, unionAll } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import { familyNames, type RunContext } from '../context/run-context.ts'
import { havePeopleEdited, people } from '../sql/people.ts'
import { linkColumns, linksOf } from '../sql/tables.ts'
import { redirectReferences } from './redirect-references.ts'

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

function emptyReferences(
  context: RunContext,
  changes: EntityChanges,
  losing: readonly string[],
): Promise<EntityChanges> {
  return redirectReferences(context, changes, (entityType) => {
    const gone = goneOf(context, changes, entityType, losing)
    return gone && sql`(select x.resource_id as from_id, null::bigint as to_id from (${gone}) x)`
  })
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
