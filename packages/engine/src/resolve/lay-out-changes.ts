/**
 * Turns attached rows into the change set of their entity type: typed values, and only the rows in which something
 * really differs. References are still as they are stored; `resolve-references.ts` sees to them.
 *
 * @module
 */
import { isLocked, ownershipOf, ownsAlone } from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
} from '@sluice/repository'
import {
  changeTableOf,
  type EntityChanges,
  indexChanges,
  isWorthIndex,
  withChangeTable,
  withTable,
} from '../changes/entity-changes.ts'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { analyzeTable } from '../context/work-tables.ts'
import type { Attached } from '../rows/entity-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'

/** Which properties a source's value overrides even where the source itself has not changed. */
type IsLocked = (property: string) => boolean

/** Lays out what each mapping's rows make of their type, then what goes. */
export async function layOutChanges(
  part: SourcePart,
  changes: EntityChanges,
  entities: readonly Attached[],
): Promise<EntityChanges> {
  let laidOut = changes
  for (const entity of entities) laidOut = await layOutRows(part, laidOut, entity)
  for (const entity of entities) laidOut = await layOutDeletions(part, laidOut, entity)
  return laidOut
}

async function layOutRows(
  part: SourcePart,
  changes: EntityChanges,
  { shape, attached }: Attached,
): Promise<EntityChanges> {
  if (attached === undefined) return changes
  const { session, workTables } = part
  const ownership = ownershipOf(sourcesByName(part.sources), shape.type.name)
  const locked = (property: string) => isLocked(ownership, part.source, property)
  const { table, count } = await workTables.fill(
    changeTableOf(part, shape.type.name),
    changesOfRows(shape, attached, locked),
  )
  if (isWorthIndex(count)) await run(session, indexChanges(table))
  await analyzeTable(session, table, count, 'resource_id')
  return withTable(changes, shape.type.name, table)
}

/**
 * Every attached row as `insert`, as `update` where a value differs from what is stored, or as `same`, of which the references
 * may still differ. A row that is here only because somebody else wrote its resource keeps what is not locked.
 */
export function changesOfRows(shape: EntityShape, attached: Table, locked: IsLocked): Statement {
  const values = new Map(
    shape.values.map(({ column, property }) => {
      const asserted = columnOfRow(sql`a`, column)
      const stored = columnOfRow(sql`o`, column)
      return [
        column,
        locked(property) ? asserted : sql`case when a._changed then ${asserted} else ${stored} end`,
      ] as const
    }),
  )
  const typed = shape.values.map(
    ({ value, sqlType, column }) => sql`(${value})::${typeOf({ sqlType })} as ${sql.identifier(column)}`,
  )
  const differs = [...values].map(
    ([column, value]) => sql`${columnOfRow(sql`o`, column)} is distinct from ${value}`,
  )
  const columns = columnNames(shape.type).map(
    (column) => sql`${values.get(column) ?? columnOfRow(sql`o`, column)} as ${sql.identifier(column)}`,
  )
  const changed = shape.values.every(({ property }) => locked(property))
    ? sql.blank
    : sql`, _replica_digest is distinct from _digest as _changed`
  return statement(
    `resolve/lay-out-rows ${shape.mapping.name}`,
    sql`select case when o.resource_id is null then 'insert' when ${anyOf(differs)} then 'update' else 'same' end as _operation,
      a._resource_id as resource_id, a._key, ${versionOf(sql`o`)} as _base_version, ${placeOf(sql`o`)} as _base_place,
      null::boolean as _drift${more(columns)}
    from (select _resource_id, ${shape.key} as _key${changed}${more(typed)} from ${attached}) a
    left join ${resourcesOf(shape.type.name)} o on o.resource_id = a._resource_id`,
  )
}

/**
 * Adds the resources of disappeared replicas and those nobody owns, as they are stored. One that somebody else
 * has deleted already is among them: what points at it has to let go.
 */
async function layOutDeletions(
  part: SourcePart,
  changes: EntityChanges,
  { shape, disappeared, external }: Attached,
): Promise<EntityChanges> {
  const unowned = external !== undefined && external.unattachedCount > 0 && ownsType(part, shape)
  if (disappeared === undefined && !unowned) return changes
  const made = await withChangeTable(part, changes, shape.type.name)
  if (disappeared !== undefined) {
    await run(part.session, deletions(shape, made.table, disappeared.table, sql`g.key`))
  }
  if (unowned) {
    const keyColumn = shape.values.find(({ property }) => property === shape.mapping.key)?.column
    const key = keyColumn === undefined ? sql.null : sql`${columnOfRow(sql`o`, keyColumn)}::text`
    await run(part.session, deletions(shape, made.table, external.unattached, key))
  }
  return made.changes
}

/** What the source does not own of the type is owned by nobody. */
function ownsType({ sources, source }: SourcePart, { type }: EntityShape): boolean {
  return ownsAlone(ownershipOf(sourcesByName(sources), type.name), source)
}

function deletions({ type, mapping }: EntityShape, changes: Table, gone: Table, key: SQL): Statement {
  const names = columnNames(type)
  return statement(
    `resolve/lay-out-deletions ${mapping.name}`,
    sql`insert into ${changes} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
      select 'delete', g.resource_id, ${key}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`o`, name)))}
      from ${gone} g left join ${resourcesOf(type.name)} o on o.resource_id = g.resource_id
      where not exists (select from ${changes} c where c.resource_id = g.resource_id)`,
  )
}
