/**
 * Tables, keys and references as PostgreSQL's catalog has them.
 *
 * @module
 */
import { buildCatalog } from '../sql/build-catalog.ts'
import type { CatalogTable } from '../sql/database.ts'

type Ask = (text: string) => Promise<readonly (readonly (string | null)[])[]>

const columns = `
  select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), nullif(c.reltuples, -1)::bigint
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname <> 'information_schema'
    and n.nspname not like 'pg\\_%' and has_table_privilege(c.oid, 'select') and a.attnum > 0 and not a.attisdropped
  order by n.nspname, c.relname, a.attnum`

/** Of each table the primary key, or else one that is unique and never empty. */
const keys = `
  select n.nspname, c.relname, a.attname
  from (select distinct on (indrelid) indrelid, indkey from pg_index i
      where indisunique and indpred is null and indexprs is null and indisvalid
        and not exists (select from pg_attribute a where a.attrelid = indrelid and a.attnum = any (indkey) and not a.attnotnull)
      order by indrelid, indisprimary desc, indnatts, indexrelid) i
    cross join unnest(i.indkey) with ordinality k(number, place)
    join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
  order by c.oid, k.place`

const references = `
  select n.nspname, c.relname, o.conname, a.attname, fn.nspname, f.relname, fa.attname
  from pg_constraint o cross join unnest(o.conkey, o.confkey) with ordinality k(here, there, place)
    join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class f on f.oid = o.confrelid join pg_namespace fn on fn.oid = f.relnamespace
    join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.here
    join pg_attribute fa on fa.attrelid = o.confrelid and fa.attnum = k.there
  where o.contype = 'f' and o.conparentid = 0
  order by o.oid, k.place`

export async function catalogOf(ask: Ask): Promise<readonly CatalogTable[]> {
  return buildCatalog({
    columns: await ask(columns),
    keys: await ask(keys),
    references: await ask(references),
  })
}
