/**
 * References to resources that go, where no source fills them alone: they become empty, whoever wrote them.
 *
 * @module
 */
import type { EntityType, ReferenceProperty } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  exists,
  isA,
  more,
  run,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { type EntityChanges, withChangeTable } from '../changes/entity-changes.ts'
import type { RunContext } from '../context/run-context.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'
import { filledReferences } from './references-elsewhere.ts'

export async function emptyReferences(context: RunContext, changes: EntityChanges): Promise<EntityChanges> {
  let emptied = changes
  for (const [entityType, deleted] of changes.tables) {
    if (!(await exists(context.session, anyDeleted(entityType, deleted)))) continue
    for (const [type, property] of referringTo(context, entityType)) {
      emptied = await emptyReference(context, emptied, { type, property, deleted })
    }
  }
  return emptied
}

/** References that may point at resources of the type, and that no source fills alone. */
function referringTo(
  context: RunContext,
  entityType: string,
): readonly (readonly [EntityType, ReferenceProperty])[] {
  const filled = new Set(
    filledReferences(context).map(({ mapping, property }) => `${mapping.entityType}.${property.name}`),
  )
  const concrete = [...context.model.entityTypes.values()].filter(({ abstract }) => !abstract)
  return concrete.flatMap((type) =>
    type.properties.flatMap((property) =>
      property.type === 'reference' &&
      isA(context.model, entityType, property.to) &&
      !filled.has(`${type.name}.${property.name}`)
        ? [[type, property] as const]
        : [],
    ),
  )
}

interface Referring {
  readonly type: EntityType
  readonly property: ReferenceProperty
  /** Changes of the type that is referred to. */
  readonly deleted: Table
}

async function emptyReference(
  context: RunContext,
  changes: EntityChanges,
  referring: Referring,
): Promise<EntityChanges> {
  const { changes: made, table } = await withChangeTable(context, changes, referring.type.name)
  await run(context.session, takeIn(referring, table))
  await run(context.session, empty(referring, table))
  return made
}

function anyDeleted(entityType: string, table: Table): Statement {
  return statement(
    `resolve/any-deleted ${entityType}`,
    sql`select from ${table} c where c._operation = 'delete' limit 1`,
  )
}

const goes = (deleted: Table) => sql`(select x.resource_id from ${deleted} x where x._operation = 'delete')`

function takeIn({ type, property, deleted }: Referring, table: Table): Statement {
  const names = columnNames(type)
  return statement(
    `resolve/take-in-referring ${type.name}.${property.name}`,
    sql`insert into ${table} (_operation, resource_id, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'same', o.resource_id, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`o`, name)))}
    from ${resourcesOf(type.name)} o where ${columnOfRow(sql`o`, columnOf(property))} in ${goes(deleted)}
      and not exists (select from ${table} c where c.resource_id = o.resource_id)`,
  )
}

function empty({ type, property, deleted }: Referring, table: Table): Statement {
  const column = columnOf(property)
  return statement(
    `resolve/empty-references ${type.name}.${property.name}`,
    sql`update ${table} c set ${sql.identifier(column)} = null,
      _operation = case when c._operation = 'same' then 'update' else c._operation end
    where c._operation <> 'delete' and ${columnOfRow(sql`c`, column)} in ${goes(deleted)}`,
  )
}
