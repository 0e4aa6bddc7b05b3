/**
 * Turns edits whose resources are found into the change set of their entity types, and refuses those that are not a person's to make.
 *
 * @module
 */
import type { EntityModel, EntityType, Property } from '@sluice/model'
import {
  anyOf,
  columnOf,
  columnOfRow,
  columnsOf,
  more,
  run,
  type SQL,
  sql,
  statement,
  type Table,
  typeOf,
  versionOfResource,
} from '@sluice/repository'
import { changeTableOf, type EntityChanges, noEntityChanges, withTable } from '../changes/entity-changes.ts'
import { changeOrphanReferences } from '../changes/orphan-changes.ts'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { displayText } from '../sql/display-values.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, orphanReferences, resourcesOf } from '../sql/tables.ts'
import { fileContentExpression, scalarExpression } from '../sql/value-expressions.ts'
import { ChangedSinceError, LockedError, type Subject } from './edit-errors.ts'
import type { FoundResource } from './find-named.ts'
import { lockBy, locksOf } from './locks-of.ts'

/** An edit of one resource, with all it names found. */
export interface ResourceEdit extends Subject, FoundResource {
  readonly operation: 'insert' | 'update' | 'delete'
  /** By column of the type's table, as text: those that are given. A reference is a resource id. */
  readonly columns: Readonly<Record<string, string | null>>
  readonly properties: readonly Property[]
  readonly version: string | undefined
  /** Where several runs are laid out together: the one it is of, `_run` of the changes. */
  readonly runId?: number | undefined
}

/** The edits of one type. */
export interface TypeEdits {
  readonly type: EntityType
  readonly edits: readonly ResourceEdit[]
}

export function byType(context: Pick<RunContext, 'model'>, edits: readonly ResourceEdit[]): TypeEdits[] {
  return [...new Set(edits.map(({ entityType }) => entityType))].map((name) => ({
    type: entityTypeOf(context.model, name),
    edits: edits.filter(({ entityType }) => entityType === name),
  }))
}

/** Throws where somebody has changed a resource since, or a source locks what is to be changed. */
export async function layOutEdits(context: RunContext, types: readonly TypeEdits[]): Promise<EntityChanges> {
  let changes = noEntityChanges
  for (const of of types) {
    const made = await layOutType(context, changes, of)
    changes = made.changes
    await refuseChanged(context, of)
    await refuseLocked(context, of, sql`${made.table}`)
    await forgetWaiting(context, of, made.table)
  }
  return changes
}

async function layOutType(
  context: RunContext,
  changes: EntityChanges,
  of: TypeEdits,
): Promise<{ readonly changes: EntityChanges; readonly table: Table }> {
  const { name } = of.type
  const rows = statement(`edit/lay-out ${name}`, rowsLaidOut(context.model, of, columnNames(of.type)))
  const { table } = await context.workTables.fill(changeTableOf(context, name), rows)
  return { changes: withTable(changes, name, table), table }
}

/** Relation (op, id, v, run) of the edits. */
function documentOf({ edits }: TypeEdits): SQL {
  const rows = edits.map(({ operation, resourceId, columns, runId }) => ({
    op: operation,
    id: resourceId,
    v: columns,
    run: runId,
  }))
  return sql`jsonb_to_recordset(${sql.value(JSON.stringify(rows))}::jsonb) j(op text, id bigint, v jsonb, run bigint)`
}

interface EditedColumn {
  readonly name: string
  /** SQL: what the edit gives it, in its type; only where it gives any. */
  readonly value: SQL
}

/** The columns that any of the edits gives a value. */
function editedColumns({ type, edits }: TypeEdits): readonly EditedColumn[] {
  const given = new Set(edits.flatMap(({ columns }) => Object.keys(columns)))
  return type.properties.flatMap((property) =>
    columnsOf(property).flatMap((column, index) =>
      given.has(column.name)
        ? [{ name: column.name, value: sql`(${readAs(property, index, column.name)})::${typeOf(column)}` }]
        : [],
    ),
  )
}

function readAs(property: Property, index: number, column: string): SQL {
  const text = sql`(j.v ->> ${sql.literal(column)})`
  if (property.type === 'reference') return text
  const asWritten = { property: property.name, column }
  if (property.type === 'file') return index === 0 ? fileContentExpression(asWritten, text).value : text
  return scalarExpression(property, asWritten, text).value
}

/** The properties that any of the edits gives a value. */
export function editedProperties({ edits }: Pick<TypeEdits, 'edits'>): ReadonlySet<Property> {
  return new Set(edits.flatMap(({ properties }) => properties))
}

/** Query of the changes; `columns`: those of the type that it has. A row in which an edit changes nothing is `same`: to give the value that is stored is no change. */
export function rowsLaidOut(model: EntityModel, of: TypeEdits, columns: readonly string[]): SQL {
  const { type } = of
  const edited = new Map(editedColumns(of).map((column) => [column.name, column]))
  const isGiven = (name: string) => sql`j.v ? ${sql.literal(name)}`
  const differs = [...edited.values()].map(
    ({ name, value }) => sql`${isGiven(name)} and ${columnOfRow(sql`o`, name)} is distinct from ${value}`,
  )
  const values = columns.map((name) => {
    const stored = columnOfRow(sql`o`, name)
    const column = edited.get(name)
    const becomes =
      column === undefined ? stored : sql`case when ${isGiven(name)} then ${column.value} else ${stored} end`
    return sql`${becomes} as ${sql.identifier(name)}`
  })
  return sql`select c.*, coalesce(c._shown, ${displayText(model, type, sql`c`)}) as _key from (
      select case when j.op = 'update' and not ${anyOf(differs)} then 'same' else j.op end as _operation, j.id as resource_id,
        ${displayText(model, type, sql`o`)} as _shown, ${versionOf(sql`o`)} as _base_version, ${placeOf(sql`o`)} as _base_place,
        null::boolean as _drift, j.run as _run${more(values)}
      from ${documentOf(of)} left join ${resourcesOf(type.name)} o on o.resource_id = j.id and o.resource_id = any(${arrayOf(of.edits)})) c`
}

/** What `refuseChanged` has to know of an edit. */
interface Versioned extends Subject, FoundResource {
  readonly version: string | undefined
}

/** Throws where a resource is not any more what it was when its version was read. */
export async function refuseChanged(
  { session }: RunContext,
  of: { readonly type: EntityType; readonly edits: readonly Versioned[] },
): Promise<void> {
  const versions = of.edits.flatMap(({ edit, resourceId, version }) =>
    version === undefined ? [] : [{ edit, id: resourceId, version }],
  )
  if (versions.length === 0) return
  const found = statement<{ edit: number }>(
    `edit/find-changed ${of.type.name}`,
    sql`select j.edit from jsonb_to_recordset(${sql.value(JSON.stringify(versions))}::jsonb) j(edit integer, id bigint, version text)
      join ${resourcesOf(of.type.name)} o on o.resource_id = j.id
      where ${versionOfResource(sql`o`)} <> j.version order by j.edit limit 1`,
  )
  const edit = (await run(session, found)).rows[0]?.edit
  const changed = of.edits.find((one) => one.edit === edit)
  if (changed !== undefined) throw new ChangedSinceError(changed)
}

/** Throws where a source locks what an edit changes; `changes`: relation of the changes of the type. */
export async function refuseLocked(context: RunContext, of: TypeEdits, changes: SQL): Promise<void> {
  const { type, edits } = of
  const updates = edits.filter(({ operation }) => operation === 'update')
  const properties = [...new Set(updates.flatMap((edit) => edit.properties))]
  const ids = sql`select c.resource_id from ${changes} c where c._operation = 'update'`
  const names = properties.map(({ name }) => name)
  const locks = locksOf(context, type.name, { properties: names, resources: ids })
  if (locks === undefined) return
  const found = statement<{ resource_id: string; property: string; source: string; key: string }>(
    `edit/find-locked ${type.name}`,
    sql`select x.resource_id, x.property, x.source, x.key from ${locks} x
    join ${changes} c on c.resource_id = x.resource_id
    join ${resourcesOf(type.name)} o on o.resource_id = c.resource_id
    where case x.property ${sql.join(properties.map(whenItDiffers), ' ')} end
    order by x.resource_id, x.property, x.source limit 1`,
  )
  const [lock] = (await run(context.session, found)).rows
  const subject = updates.find(({ resourceId }) => resourceId === lock?.resource_id)
  if (lock === undefined || subject === undefined) return
  throw new LockedError(subject, lock.property, lockBy(context, lock.source, lock))
}

function whenItDiffers(property: Property): SQL {
  const differs = columnsOf(property).map(
    ({ name }) => sql`${columnOfRow(sql`c`, name)} is distinct from ${columnOfRow(sql`o`, name)}`,
  )
  return sql`when ${sql.literal(property.name)} then ${anyOf(differs)}`
}

/** A reference that a person points somewhere waits for nobody any more. */
async function forgetWaiting(
  { session, runId }: RunContext,
  { type, edits }: TypeEdits,
  changes: Table,
): Promise<void> {
  const references = [
    ...new Set(
      edits
        .filter(({ operation }) => operation === 'update')
        .flatMap(({ properties }) => properties.filter((property) => property.type === 'reference')),
    ),
  ]
  if (references.length === 0) return
  const pointed = references.map(
    (property) =>
      sql`w.property = ${sql.literal(property.name)} and ${columnOfRow(sql`c`, columnOf(property))} is distinct from ${columnOfRow(sql`o`, columnOf(property))}`,
  )
  await run(
    session,
    changeOrphanReferences(
      `edit/forget-waiting ${type.name}`,
      runId,
      sql`select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
      from ${changes} c join ${orphanReferences} w on w.resource_id = c.resource_id
      join ${resourcesOf(type.name)} o on o.resource_id = c.resource_id
      where c._operation = 'update' and ${anyOf(pointed)}`,
    ),
  )
}

/** Query of resource ids. */
export function idsOf(edits: readonly FoundResource[]): SQL {
  return sql`select unnest(${arrayOf(edits)})`
}

/** By its length PostgreSQL knows how many rows it will find; of a document it supposes a hundred, and reads a small table whole. */
function arrayOf(edits: readonly FoundResource[]): SQL {
  return sql`${sql.value(`{${edits.map(({ resourceId }) => resourceId).join(',')}}`)}::bigint[]`
}
