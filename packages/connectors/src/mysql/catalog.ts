/**
 * Tables, keys and references as MySQL's catalog has them.
 *
 * @module
 */
import { buildCatalog } from '../sql/build-catalog.ts'
import type { CatalogTable, Cells } from '../sql/database.ts'

type Ask = (text: string) => Promise<readonly Cells[]>

const columns = `
  select null, c.table_name, c.column_name, c.column_type, t.table_rows
  from information_schema.columns c join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() order by c.table_name, c.ordinal_position`

const keys = `
  select null, table_name, column_name from information_schema.key_column_usage
  where table_schema = database() and constraint_name = 'PRIMARY' order by table_name, ordinal_position`

const references = `
  select null, table_name, constraint_name, column_name, null, referenced_table_name, referenced_column_name
  from information_schema.key_column_usage
  where table_schema = database() and referenced_table_schema = database()
  order by table_name, constraint_name, ordinal_position`

export async function catalogOf(ask: Ask): Promise<readonly CatalogTable[]> {
  return buildCatalog({
    columns: await ask(columns),
    keys: await ask(keys),
    references: await ask(references),
  })
}
