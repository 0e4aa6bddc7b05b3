/**
 * Puts together what a database tells of its tables, column by column.
 *
 * @module
 */
import { groupBy } from '@sluice/model'
import type { CatalogTable } from './database.ts'

/** A text, or none; as databases hand them out. */
type CatalogText = string | null | undefined

/** Rows in the order in which columns stand in their table, key and reference. `schema`: of the table, where there are schemas. */
export interface CatalogRows {
  /** Schema, table, column, type, and how many rows the table has. */
  readonly columns: readonly (readonly CatalogText[])[]
  /** Schema, table, column. */
  readonly keys: readonly (readonly CatalogText[])[]
  /** Schema, table, name of the constraint, column; schema, table and column that it refers to. */
  readonly references: readonly (readonly CatalogText[])[]
}

export function buildCatalog({ columns, keys, references }: CatalogRows): readonly CatalogTable[] {
  const keysOf = groupBy(keys, nameOf)
  const referencesOf = groupBy(references, nameOf)
  return [...groupBy(columns, nameOf)].map(([id, rows]): CatalogTable => {
    const [schema, name, , , count] = rows[0] ?? []
    const refers = groupBy(referencesOf.get(id) ?? [], ([, , constraint]) => constraint ?? '')
    return {
      schema: schema ?? undefined,
      name: name ?? '',
      columns: rows.map(([, , column, type]) => ({ name: column ?? '', type: type ?? '' })),
      key: (keysOf.get(id) ?? []).map(([, , column]) => column ?? ''),
      references: [...refers.values()].map((parts) => ({
        columns: parts.map(([, , , column]) => column ?? ''),
        table: { schema: parts[0]?.[4] ?? undefined, name: parts[0]?.[5] ?? '' },
        to: parts.map(([, , , , , , column]) => column ?? ''),
      })),
      ...(count == null ? {} : { rows: Number(count) }),
    }
  })
}

function nameOf([schema, table]: readonly CatalogText[]): string {
  return JSON.stringify([schema ?? null, table])
}
