/**
 * A repository's schema as the migrations leave it, again and again: for tests that share a database one after the other.
 *
 * The rows of Sluice's own tables are deleted, and all that has come since is dropped: a tenth of the time that the migrations
 * take. Where a test has changed the tables themselves, the schema is made anew.
 *
 * @module
 */
import { type Database, identifier, type Session } from '@sluice/repository'
import { migrate } from '../packages/repository/src/migrations/migrate.ts'

export class NewSchema {
  readonly #database: Database
  #migrated: string

  private constructor(database: Database, migrated: string) {
    this.#database = database
    this.#migrated = migrated
  }

  /** Of a database that was migrated and holds nothing else yet. */
  static async of(database: Database): Promise<NewSchema> {
    return new NewSchema(database, await database.session(definitions))
  }

  async make(): Promise<void> {
    if ((await this.#emptied()) === this.#migrated) return
    const schema = identifier(this.#database.schema)
    await this.#database.session((session) =>
      session.execute(`drop schema ${schema} cascade; create schema ${schema}`),
    )
    await migrate(this.#database)
    this.#migrated = await this.#database.session(definitions)
  }

  async #emptied(): Promise<string> {
    return await this.#database.transaction(async (session) => {
      await session.execute(empty)
      return await definitions(session)
    })
  }
}

/**
 * Rows are deleted, because a table that is truncated gets new files; where there are many, that is cheaper. Nobody's
 * triggers look at it, and in any order.
 */
const empty = `
set local session_replication_role = replica;
do $$
declare
  found record;
begin
  for found in
    select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end as kind,
      string_agg(oid::regclass::text, ', ') as names
    from pg_class c
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v', 'm', 'S') and relname not like 'sluice\\_%'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
        and d.refclassid = 'pg_class'::regclass)
    group by 1
  loop
    -- What hangs on something else is gone with it.
    execute format('drop %s if exists %s cascade', found.kind, found.names);
  end loop;
  for found in
    select oid::regclass as name, pg_relation_size(oid) as size from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> 'sluice_migration'
  loop
    if found.size > 1000000 then execute format('truncate %s cascade', found.name);
    elsif found.size > 0 then execute format('delete from %s', found.name);
    end if;
  end loop;
  for found in
    select format('%I.%I', schemaname, sequencename) as name, start_value as start from pg_sequences
    where schemaname = current_schema() and last_value is not null
  loop
    perform setval(found.name, found.start, false);
  end loop;
end $$`

/**
 * Which relations, columns, constraints, indexes, triggers, functions and types there are, each with the transaction that
 * wrote its definition last: what is altered has another.
 */
async function definitions(session: Session): Promise<string> {
  const { rows } = await session.query<{ definitions: string }>(`
    with space as (select current_schema()::regnamespace::oid as id),
      relation as (select oid, relname from pg_class, space where relnamespace = id and relkind <> 'i'),
      definition as (
        select 'relation' as kind, oid::text as id, relname::text as as_it_is from relation
        union all select 'column', attrelid || '.' || attnum, a.xmin::text from pg_attribute a join relation r on r.oid = attrelid
        union all select 'default', d.oid::text, d.xmin::text from pg_attrdef d join relation r on r.oid = adrelid
        union all select 'constraint', c.oid::text, c.xmin::text from pg_constraint c, space where connamespace = id
        union all select 'index', indexrelid::text, i.xmin::text from pg_index i join relation r on r.oid = indrelid
        union all select 'trigger', t.oid::text, t.xmin::text from pg_trigger t join relation r on r.oid = tgrelid
        union all select 'function', p.oid::text, p.xmin::text from pg_proc p, space where pronamespace = id
        union all select 'type', t.oid::text, t.xmin::text from pg_type t, space where typnamespace = id)
    select md5(string_agg(kind || ' ' || id || ' ' || as_it_is, ',' order by kind, id)) as definitions from definition`)
  return rows[0]?.definitions ?? ''
}
