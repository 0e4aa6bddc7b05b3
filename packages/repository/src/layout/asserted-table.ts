/**
 * The table of what a source asserts of an entity type: a plain one, which SQL clients of an open source fill.
 *
 * One row for each replica: its key, and a text for every property, in the form in which PostgreSQL writes the value itself. NULL leaves
 * the property alone, an empty text resets it. What the engine knows of the replica is in the table of replicas beside it, which the
 * triggers of this one keep in step.
 *
 * @module
 */
import {
  type EntityType,
  isSecret,
  type Property,
  partName,
  placeOfSecret,
  primaryKeyColumn,
  type SecretProperty,
  snakeCase,
} from '@sluice/model'
import { commas } from '../sql/fragments.ts'
import { type SQL, sql, type Table, writtenOut } from '../sql/statement.ts'
import { composedAsserted } from './composed.ts'
import { shortened } from './layout.ts'

/** Unquoted. `sourceId`: the source's number in the repository, so that a source may be renamed. */
export function assertedTable(entityType: string, sourceId: number): string {
  return shortened(`synchro_data_${snakeCase(entityType)}_${sourceId}`)
}

/** The columns that a property is read from, unquoted: one, or three for a file. */
export function assertedColumns(property: Property): readonly [string, ...string[]] {
  const name = snakeCase(property.name)
  if (property.type !== 'file') return [name]
  return [`${name}_data`, `${name}_filename`, `${name}_mimetype`]
}

/** The columns, unquoted, that are filled where several properties (`by`) name the target of a reference; the one that it is read from follows from them. */
export function partColumns(reference: string, by: readonly string[]): readonly string[] {
  return by.map((name) => snakeCase(partName(reference, name)))
}

/** What stands in a table of asserted values: every property of the type, and the sets of links that the source writes. */
export interface AssertedType extends Pick<EntityType, 'name' | 'properties'> {
  /** Names, as they are configured. */
  readonly linkSets: readonly string[]
  /** By the name of a reference: the properties that name its target together. */
  readonly parts: ReadonlyMap<string, readonly string[]>
}

interface AssertedColumn {
  /** Unquoted. */
  readonly name: string
  /** Behind the type, where it follows from others. */
  readonly generated: SQL | undefined
}

/** All columns but the key, in the order of the properties, then those of link sets. */
export function assertedColumnsOf({ properties, linkSets, parts }: AssertedType): readonly AssertedColumn[] {
  const plain = (name: string) => ({ name, generated: undefined })
  return [
    ...properties.flatMap((property): readonly AssertedColumn[] => {
      const by = parts.get(property.name)
      const columns = assertedColumns(property)
      if (by === undefined) return columns.map(plain)
      const filled = partColumns(property.name, by)
      const texts = filled.map((name) => sql.identifier(name))
      const generated = sql` generated always as (${composedAsserted(texts)}) stored`
      return [...filled.map(plain), { name: columns[0], generated }]
    }),
    ...linkSets.map((name) => plain(snakeCase(name))),
  ]
}

/** As it stands in `create table` and behind `add column`. */
export function assertedDefinition({ name, generated = sql.blank }: AssertedColumn): SQL {
  return sql`${sql.identifier(name)} text collate "C"${generated}`
}

export function createAssertedTable(table: Table, type: AssertedType): SQL {
  const columns = assertedColumnsOf(type).map(assertedDefinition)
  return sql`create table ${table} (${commas([sql`${sql.identifier(primaryKeyColumn)} text collate "C" primary key`, ...columns])})`
}

/** Takes the place of those there were, which may know other columns. */
export function createTriggers(table: Table, replicas: Table, type: AssertedType): readonly SQL[] {
  return [
    functionOf(table, 'inserted', insertedBody(replicas)),
    functionOf(table, 'updated', updatedBody(replicas, type)),
    functionOf(table, 'deleted', deletedBody(replicas)),
    functionOf(table, 'truncated', sql`delete from ${replicas};`),
    trigger(table, 'inserted', sql`insert`, sql`referencing new table as now_rows`),
    trigger(table, 'updated', sql`update`, sql`referencing old table as old_rows new table as now_rows`),
    trigger(table, 'deleted', sql`delete`, sql`referencing old table as old_rows`),
    trigger(table, 'truncated', sql`truncate`, sql.blank),
    ...(type.properties.some(isSecret)
      ? hidingTriggers(table, type)
      : [sql`drop trigger if exists hidden on ${table}`]),
  ]
}

/**
 * The one that looks at rows, of tables that hold secrets: what a client writes is hidden before it is stored. As the same row says the same
 * secret in the same hidden text, nothing changes where nothing has.
 */
function hidingTriggers(table: Table, type: AssertedType): readonly SQL[] {
  const name = functionName(table, 'hidden')
  const secrets = type.properties.filter(isSecret)
  const columns = secrets.map((property) => sql.identifier(assertedColumns(property)[0]))
  const hide = secrets.map(
    (property, n) => sql`new.${columns[n] ?? sql.blank} := ${hiddenIn(type.name, property, sql`new`)};`,
  )
  return [
    sql`create or replace function ${name}() returns trigger language plpgsql security definer
set search_path from current as $body$
begin
  ${sql.join(hide, '\n  ')}
  return new;
end $body$`,
    sql`create or replace trigger hidden before insert or update on ${table}
for each row execute function ${name}()`,
  ]
}

/** SQL: the hidden text of a secret in the row `alias`, which may be hidden already. */
function hiddenIn(entityType: string, property: SecretProperty, alias: SQL): SQL {
  const column = sql.identifier(assertedColumns(property)[0])
  const place = writtenOut(placeOfSecret(entityType, property.name, ''))
  return sql`sluice_hide_secret(${alias}.${column}, ${place} || ${alias}.${key})`
}

export function dropTriggerFunctions(table: Table): readonly SQL[] {
  return kinds.map((kind) => sql`drop function if exists ${functionName(table, kind)}() cascade`)
}

const kinds = ['inserted', 'updated', 'deleted', 'truncated', 'hidden'] as const
type Kind = (typeof kinds)[number]

function functionName(table: Table, kind: Kind): SQL {
  return sql.identifier(shortened(`sluice_${table.name}_${kind}`))
}

/** The client needs no right to the table of replicas. */
function functionOf(table: Table, kind: Kind, body: SQL): SQL {
  return sql`create or replace function ${functionName(table, kind)}() returns trigger language plpgsql security definer
set search_path from current as $body$
begin
  ${body}
  return null;
end $body$`
}

function trigger(table: Table, kind: Kind, event: SQL, referencing: SQL): SQL {
  return sql`create or replace trigger ${sql.identifier(kind)} after ${event} on ${table} ${referencing}
for each statement execute function ${functionName(table, kind)}()`
}

const key = sql.identifier(primaryKeyColumn)

function insertedBody(replicas: Table): SQL {
  return sql`insert into ${replicas} (key) select n.${key} from now_rows n;`
}

/**
 * A row whose key changed is another row. Every other one was touched; what it lets go of is remembered until a run has seen it.
 */
function updatedBody(replicas: Table, type: AssertedType): SQL {
  const columns = assertedColumnsOf(type).map(({ name }) => sql.identifier(name))
  const row = (alias: SQL) => sql`row(${commas(columns.map((column) => sql`${alias}.${column}`))})`
  const differs = columns.length === 0 ? sql.false : sql`${row(sql`n`)} is distinct from ${row(sql`b`)}`
  const letGo = type.properties.map((property) => {
    const [column] = assertedColumns(property).map((name) => sql.identifier(name))
    return column === undefined
      ? sql.null
      : sql`case when b.${column} is not null and n.${column} is null then ${writtenOut(property.name)} end`
  })
  const others = planned(sql`delete from ${replicas} r using old_rows b
    where r.key = b.${key} and not exists (select from now_rows n where n.${key} = b.${key})`)
  const arrived = planned(sql`insert into ${replicas} (key) select n.${key} from now_rows n
    where not exists (select from old_rows b where b.${key} = n.${key})`)
  const touched = planned(sql`update ${replicas} r set
    status = case when r.status = 'obsolete' or (r.status = 'synchronized' and ${differs}) then 'modified' else r.status end,
    let_go = case when ${differs} then array_remove(r.let_go || array[${commas(letGo)}]::text[], null) else r.let_go end,
    last_seen = clock_timestamp(), absent_since = null, revision = r.revision + 1
  from now_rows n join old_rows b on b.${key} = n.${key} where r.key = n.${key}`)
  // An insert that may update calls this whether it does or not.
  return sql`if not exists (select from old_rows) then return null; end if;
  ${others}
  ${arrived}
  ${touched}`
}

/** Planned for the rows there are each time: a function keeps the plan of its first call, which may have been made for one row. */
function planned(query: SQL): SQL {
  return sql`execute $query$${query}$query$;`
}

function deletedBody(replicas: Table): SQL {
  return planned(sql`delete from ${replicas} r using old_rows b where r.key = b.${key}`)
}
