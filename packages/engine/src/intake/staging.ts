/**
 * Staging tables: rows as text, exactly as they came; an empty field is null.
 *
 * @module
 */
import { composedOfRow, type SQL, sql, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { ComposedColumn, EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'

type Shape = EntityShape | LinkShape

/** Makes the staging table of a mapping; returns it and the columns that a row's fields go into, in order. */
export async function createStaging(
  { workTables }: SourcePart,
  shape: Shape,
  of: { readonly commands: boolean; readonly kind?: 'staged' | 'changed_since' },
): Promise<{ readonly table: Table; readonly columns: readonly string[] }> {
  const { name } = shape.mapping
  const table = workTables.named(of.kind ?? 'staged', name)
  const command: readonly SQL[] = of.commands ? [commandColumn] : []
  const texts = shape.columns.map((column) => sql`${sql.identifier(column)} text collate "C"`)
  const together = 'composed' in shape ? shape.composed.map(composedColumn) : []
  const columns = [
    sql`_row integer generated always as identity (cache 1000)`,
    ...command,
    ...texts,
    ...together,
  ]
  await workTables.create(`intake/create-staging ${name}`, table, sql.join(columns, ', '))
  return { table, columns: [...(of.commands ? ['_command'] : []), ...shape.columns] }
}

function composedColumn({ name, of }: ComposedColumn): SQL {
  const texts = of.map((column) => sql.identifier(column))
  return sql`${sql.identifier(name)} text collate "C" generated always as (${composedOfRow(texts)}) stored`
}

const commandColumn = sql`_command text collate "C" not null check (_command in ('insert', 'update', 'delete', 'merge'))`

/** Makes the table of the fields of rows that could not be read. */
export async function createUnreadable({ workTables }: SourcePart): Promise<Table> {
  const table = workTables.named('unreadable')
  await workTables.create(
    'intake/create-unreadable',
    table,
    sql`mapping text collate "C", field text collate "C"`,
  )
  return table
}
