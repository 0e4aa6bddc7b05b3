/**
 * The change rows of resources that become one: what stays takes every value that it lacks, what sources assert decides as it would had all
 * their rows always been of one resource, and the others go.
 *
 * @module
 */
import { type EntityModel, ownershipOf, type Property } from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  columnsOf,
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
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { NotMergeableError, NotSharedError } from '../edit/edit-errors.ts'
import { partOfPeople } from '../edit/finish-edit.ts'
import { decideValues } from '../replicas/decide-values.ts'
import { ownersOf, type SharedPart } from '../replicas/shared-part.ts'
import { displayText } from '../sql/display-values.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { withinType } from '../sql/shared-shape.ts'
import { columnNames, replicasOf, resourcesOf } from '../sql/tables.ts'
import type { FoundMerge, TypeMerges } from './find-merges.ts'

/** (merged_id, kept_id, position): position counts the resources that become one with another in the order in which they were named. */
export async function pairsOf({ workTables }: RunContext, { type, edits }: TypeMerges): Promise<Table> {
  const pairs = edits.flatMap(({ resourceId, merged }) =>
    merged.map((one, position) => ({ merged_id: one.resourceId, kept_id: resourceId, position })),
  )
  const { table } = await workTables.fill(
    workTables.named('merging', type.name),
    statement(
      `merge/pairs ${type.name}`,
      sql`select * from jsonb_to_recordset(${sql.value(JSON.stringify(pairs))}::jsonb) j(merged_id bigint, kept_id bigint, position integer)`,
    ),
  )
  return table
}

/** `changes.merged` holds the pairs of every type. */
export async function layOutMerges(
  context: RunContext,
  changes: EntityChanges,
  of: TypeMerges,
  pairs: Table,
): Promise<EntityChanges> {
  const { session } = context
  const { owners, shared } = ownershipOf(sourcesByName(context.sources), of.type.name)
  const rows = shared
    ? []
    : await rowsOf(
        context,
        of,
        owners.map(({ source }) => source.name),
      )
  for (const merge of of.edits) refuseUnshared(of, merge, rows)
  const made = await withChangeTable(context, changes, of.type.name)
  const owned = { properties: ownedProperties(context, of), resources: rows.map((row) => row.resource_id) }
  await run(session, layOutKept(context.model, of, { pairs, table: made.table, owned }))
  await run(session, layOutMerged(context.model, of, pairs, made.table))
  if (shared) await decide(context, { changes: made.changes, of, pairs, table: made.table })
  return made.changes
}

interface HeldRow {
  readonly resource_id: string
  readonly source: string
  readonly key: string
}

/** Rows of sources that own the type alone. */
async function rowsOf(
  { session }: RunContext,
  { type, edits }: TypeMerges,
  sources: readonly string[],
): Promise<readonly HeldRow[]> {
  if (sources.length === 0) return []
  const ids = edits.flatMap((merge) => [merge, ...merge.merged].map(({ resourceId }) => resourceId))
  const among = sql`any(${sql.value(`{${ids.join(',')}}`)}::bigint[])`
  const found = sources.map(
    (source) =>
      sql`select r.resource_id, ${sql.literal(source)}::text as source, r.key from ${replicasOf(source, type.name)} r where r.resource_id = ${among}`,
  )
  return (await run(session, statement<HeldRow>(`merge/find-rows ${type.name}`, unionAll(found)))).rows
}

function refuseUnshared({ type }: TypeMerges, merge: FoundMerge, rows: readonly HeldRow[]): void {
  const ids = new Set([merge, ...merge.merged].map(({ resourceId }) => resourceId))
  const own = rows.filter(({ resource_id }) => ids.has(resource_id))
  const shown = own.map(({ source, key }) => `"${key}" of ${source}`)
  const holders = new Set(own.map(({ resource_id }) => resource_id))
  if (holders.size > 1) throw new NotSharedError(merge, type.name, shown)
  const [holder] = holders
  if (holder === undefined || holder === merge.resourceId) return
  throw new NotMergeableError(
    merge,
    `#${holder} is the row ${shown.join(', ')}, so that is the one that stays`,
  )
}

/** What sources write that own the type alone. */
function ownedProperties({ sources }: RunContext, { type }: TypeMerges): ReadonlySet<string> {
  return new Set(
    [...sources.values()].flatMap(({ source }) =>
      source.entities
        .filter(({ entityType, federation }) => entityType === type.name && federation === undefined)
        .flatMap(({ properties }) => properties.map(({ property }) => property)),
    ),
  )
}

interface Keeping {
  readonly pairs: Table
  readonly table: Table
  /** Where a source that owns the type alone has a row of what stays, it says its values: nothing fills them. */
  readonly owned: { readonly properties: ReadonlySet<string>; readonly resources: readonly string[] }
}

function layOutKept(model: EntityModel, { type }: TypeMerges, { pairs, table, owned }: Keeping): Statement {
  const names = columnNames(type)
  const isOwned = sql`o.resource_id = any(${sql.value(`{${owned.resources.join(',')}}`)}::bigint[])`
  const values = type.properties.flatMap((property) =>
    columnsOf(property).map(({ name }) => {
      const filled = filledFrom(type.name, pairs, property, name)
      const value = owned.properties.has(property.name)
        ? sql`case when ${isOwned} then ${columnOfRow(sql`o`, name)} else ${filled} end`
        : filled
      return sql`${value} as ${sql.identifier(name)}`
    }),
  )
  const differs = names.map(
    (name) => sql`${columnOfRow(sql`x`, name)} is distinct from ${columnOfRow(sql`o`, name)}`,
  )
  return statement(
    `merge/lay-out-kept ${type.name}`,
    sql`insert into ${table} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select case when ${anyOf(differs)} then 'update' else 'same' end, o.resource_id, ${displayText(model, type, sql`o`)}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`x`, name)))}
    from (select o.resource_id${more(values)} from (select distinct kept_id from ${pairs}) k
        join ${resourcesOf(type.name)} o on o.resource_id = k.kept_id) x
      join ${resourcesOf(type.name)} o on o.resource_id = x.resource_id`,
  )
}

/** The value of the one that stays, or that of the first of the others that has any; of a file all parts of one. */
function filledFrom(entityType: string, pairs: Table, property: Property, name: string): SQL {
  const [first] = columnsOf(property)
  const has = (alias: SQL) => sql`${columnOfRow(alias, first.name)} is not null`
  return sql`case when ${has(sql`o`)} then ${columnOfRow(sql`o`, name)} else (
      select ${columnOfRow(sql`y`, name)} from ${pairs} p join ${resourcesOf(entityType)} y on y.resource_id = p.merged_id
      where p.kept_id = o.resource_id and ${has(sql`y`)} order by p.position limit 1) end`
}

function layOutMerged(model: EntityModel, { type }: TypeMerges, pairs: Table, table: Table): Statement {
  const names = columnNames(type)
  return statement(
    `merge/lay-out-merged ${type.name}`,
    sql`insert into ${table} (_operation, resource_id, _key, _base_version, _base_place${more(names.map((name) => sql.identifier(name)))})
    select 'delete', o.resource_id, ${displayText(model, type, sql`o`)}, ${versionOf(sql`o`)}, ${placeOf(sql`o`)}${more(names.map((name) => columnOfRow(sql`o`, name)))}
    from ${pairs} p join ${resourcesOf(type.name)} o on o.resource_id = p.merged_id`,
  )
}

/** Where several sources fill the type, what they assert of any of the resources decides. */
async function decide(
  context: RunContext,
  {
    changes,
    of,
    pairs,
    table,
  }: {
    readonly changes: EntityChanges
    readonly of: TypeMerges
    readonly pairs: Table
    readonly table: Table
  },
): Promise<void> {
  const { session, workTables } = context
  const names = columnNames(of.type).map((name) => sql.identifier(name))
  const { table: standing } = await workTables.fill(
    workTables.named('standing', of.type.name),
    statement(
      `merge/standing ${of.type.name}`,
      sql`select c.resource_id${more(names.map((name) => sql`c.${name}`))} from ${table} c where c._operation <> 'delete'`,
    ),
  )
  const { table: affected } = await workTables.fill(
    workTables.named('affected', `merged_${of.type.name}`),
    statement(`merge/find-affected ${of.type.name}`, sql`select resource_id, false as mark from ${standing}`),
  )
  const part = sharedByAll(context, of)
  const decided = await decideValues(part, { merged: pairs, changes }, affected, {
    about: 'merged',
    standing,
  })
  const columns = sql`_operation, resource_id, _key, _base_version, _base_place, _drift${more(names)}`
  await run(
    session,
    statement(
      `merge/decide ${of.type.name}`,
      sql`with decided as (${decided.query}),
        before as (delete from ${table} c where c._operation <> 'delete' returning c.resource_id, c._key)
      insert into ${table} (${columns})
      select d._operation, d.resource_id, coalesce(b._key, d._key), d._base_version, d._base_place, d._drift${more(names.map((name) => sql`d.${name}`))}
      from decided d join before b on b.resource_id = d.resource_id`,
    ),
  )
}

/** The type as every source that fills it says it, with none of them speaking. */
function sharedByAll(context: RunContext, { type }: TypeMerges): SharedPart {
  const owners = ownersOf(context, [type.name])
  const [shape] = owners
  if (shape === undefined) throw new Error(`No source fills ${type.name}.`)
  return { ...partOfPeople(context), shape: withinType(shape, type), owners }
}

/** Of what is merged, what waits for its target waits with the one that stays, where that points nowhere. */
export function orphansMoving(
  { type }: TypeMerges,
  { pairs, table, orphans }: { readonly pairs: Table; readonly table: Table; readonly orphans: Table },
): SQL | undefined {
  const references = type.properties.filter((property) => property.type === 'reference')
  if (references.length === 0) return undefined
  const empty = references.map((property) => {
    const [column] = columnsOf(property)
    return sql`(w.property = ${sql.literal(property.name)} and ${columnOfRow(sql`c`, column.name)} is null)`
  })
  return sql`select distinct on (p.kept_id, w.property) 'insert', w.source_id, w.entity_type, p.kept_id, w.property, w.value
    from ${pairs} p join ${orphans} w on w.resource_id = p.merged_id
    join ${table} c on c.resource_id = p.kept_id and c._operation <> 'delete'
    where (${sql.join(empty, ' or ')})
      and not exists (select from ${orphans} x where x.resource_id = p.kept_id and x.property = w.property)
    order by p.kept_id, w.property, p.position`
}
