/**
 * In which order resources come, and how a page goes on behind the last of the one before.
 *
 * By the values of that last one and not by how many came before, so that nothing is left out and nothing comes twice of what stays where
 * it is, whatever is written meanwhile. Empty values come last, whichever way the order goes.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { z } from 'zod'
import type { Row } from '../database/database.ts'
import { columnsOf, typeOf } from '../layout/layout.ts'
import { allOf, anyOf } from '../sql/fragments.ts'
import { type SQL, sql } from '../sql/statement.ts'
import { CursorError, SortError, UnknownNameError } from './read-errors.ts'
import type { SortedBy } from './read-types.ts'

/** What the order can be by. */
export interface Sortable {
  readonly property: Property
  readonly expression: SQL
}

export interface PageOrder {
  /** Items of the select list. */
  readonly select: readonly SQL[]
  readonly orderBy: SQL
  /** SQL condition: comes behind the place of the cursor. */
  behind(cursor: string): SQL
  cursorOf(row: Row & { readonly resource_id: string }): string
}

/** `sort`: the most important first; the resource id is always the last. */
export function pageOrder(sort: readonly SortedBy[], sortables: readonly Sortable[]): PageOrder {
  const keys = sort.map(({ property: name, descending = false }, index) => {
    const found = sortables.find(({ property }) => property.name === name)
    if (found === undefined)
      throw new UnknownNameError(
        'property',
        name,
        sortables.map(({ property }) => property.name),
      )
    if (found.property.type === 'file') throw new SortError(name)
    return { ...found, descending, alias: `_sort_${index + 1}` }
  })
  const written = sort.map(writtenSort).join(',')
  const id = sql`o.resource_id`
  return {
    select: keys.map(({ expression, alias }) => sql`${expression}::text as ${sql.identifier(alias)}`),
    orderBy: sql.join(
      [
        ...keys.map(
          ({ expression, descending }) => sql`${expression} ${descending ? sql`desc` : sql`asc`} nulls last`,
        ),
        id,
      ],
      ', ',
    ),
    behind: (cursor) => {
      const place = readCursor(cursor, written, keys.length)
      const given = keys.map((key, index) => valueAt(key.property, place.values[index] ?? null))
      const steps = keys.map((key, index) =>
        allOf([...sameUpTo(keys, given, index), beyond(key, given[index])]),
      )
      return anyOf([
        ...steps,
        allOf([...sameUpTo(keys, given, keys.length), sql`${id} > ${sql.value(place.id)}::bigint`]),
      ])
    },
    cursorOf: (row) =>
      writeCursor({
        sort: written,
        values: keys.map(({ alias }) => textOf(row[alias])),
        id: row.resource_id,
      }),
  }
}

/** As it is written in a query: `name`, or `-name` for the other way. */
export function writtenSort({ property, descending }: SortedBy): string {
  return descending === true ? `-${property}` : property
}

/** Reads what `--sort` takes: `name,-born` is by name, and of those who share one the youngest first. */
export function parseSort(text: string): readonly SortedBy[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('-') ? { property: part.slice(1), descending: true } : { property: part },
    )
}

interface Key extends Sortable {
  readonly descending: boolean
}

/** `undefined`: empty. */
function valueAt(property: Property, text: string | null): SQL | undefined {
  if (text === null) return undefined
  const type = property.type === 'reference' ? sql`text` : typeOf(columnsOf(property)[0])
  return sql`${sql.value(text)}::${type}`
}

function sameUpTo(keys: readonly Key[], given: readonly (SQL | undefined)[], end: number): readonly SQL[] {
  return keys.slice(0, end).map(({ expression }, index) => {
    const value = given[index]
    return value === undefined ? sql`${expression} is null` : sql`${expression} = ${value}`
  })
}

function beyond({ expression, descending }: Key, value: SQL | undefined): SQL {
  if (value === undefined) return sql.false
  return sql`(${expression} ${descending ? sql`<` : sql`>`} ${value} or ${expression} is null)`
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

const cursorSchema = z.strictObject({
  sort: z.string(),
  values: z.array(z.string().nullable()),
  id: z.string().regex(/^\d{1,19}$/),
})
type Cursor = z.infer<typeof cursorSchema>

/** In the order of ids, the id says it all. */
function writeCursor(place: Cursor): string {
  if (place.sort === '') return place.id
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readCursor(text: string, sort: string, count: number): Cursor {
  const place = /^\d{1,19}$/.test(text)
    ? { sort: '', values: [], id: text }
    : asJson(Buffer.from(text, 'base64url').toString())
  const parsed = cursorSchema.safeParse(place)
  if (!parsed.success) throw new CursorError('it is not one that a list returned')
  if (parsed.data.sort !== sort || parsed.data.values.length !== count)
    throw new CursorError(`it was given for the order "${parsed.data.sort}", and not for "${sort}"`)
  return parsed.data
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
