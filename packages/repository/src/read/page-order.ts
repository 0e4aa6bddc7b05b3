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
import { isIndexed, orderedAs } from '../layout/ordered.ts'
import { allOf, anyOf, commas } from '../sql/fragments.ts'
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
  /** Of the whole. */
  readonly orderBy: SQL
  /** What follows the place of the cursor, or all without one: parts that come one after the other. */
  parts(cursor: string | undefined): readonly OrderedPart[]
  cursorOf(row: Row & { readonly resource_id: string }): string
}

export interface OrderedPart {
  /** SQL condition. */
  readonly where: SQL
  readonly orderBy: SQL
}

/** `sort`: the most important first; the resource id is always the last, and goes the way of the one before it. */
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
    const { property, expression } = found
    const key = isIndexed(property) ? orderedAs(property, expression) : expression
    return { property, expression: key, descending, alias: `_sort_${index + 1}` }
  })
  const written = sort.map(writtenSort).join(',')
  const id: Id = { expression: sql`o.resource_id`, descending: keys.at(-1)?.descending ?? false }
  const orderBy = commas([
    ...keys.map(({ expression, descending }) => sql`${expression} ${way(descending)} nulls last`),
    sql`${id.expression} ${way(id.descending)}`,
  ])
  const [only, ...others] = keys
  return {
    select: keys.map(({ expression, alias }) => sql`${expression}::text as ${sql.identifier(alias)}`),
    orderBy,
    parts: (cursor) => {
      const place = cursor === undefined ? undefined : readCursor(cursor, written, keys.length)
      if (only !== undefined && others.length === 0 && isIndexed(only.property))
        return partsOfIndex(only, id, place)
      return [{ where: place === undefined ? sql.true : behind(keys, id, place), orderBy }]
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

interface Id {
  readonly expression: SQL
  readonly descending: boolean
}

interface Key extends Sortable, Id {}

function way(descending: boolean): SQL {
  return descending ? sql`desc` : sql`asc`
}

/** SQL condition: comes behind the place. */
function behind(keys: readonly Key[], id: Id, place: Cursor): SQL {
  const given = keys.map((key, index) => valueAt(key.property, place.values[index] ?? null))
  const steps = keys.map((key, index) => allOf([...sameUpTo(keys, given, index), beyond(key, given[index])]))
  const beyondId = sql`${id.expression} ${id.descending ? sql`<` : sql`>`} ${sql.value(place.id)}::bigint`
  return anyOf([...steps, allOf([...sameUpTo(keys, given, keys.length), beyondId])])
}

/**
 * What has a value, then what has none: each is a range of the index, which is read from where the page begins, forwards or backwards.
 * A condition that holds for both is none.
 */
function partsOfIndex(key: Key, id: Id, place: Cursor | undefined): readonly OrderedPart[] {
  const { expression, property, descending } = key
  const beyond = descending ? sql`<` : sql`>`
  // Backwards, an index begins with what has no value.
  const nulls = descending ? sql`first` : sql`last`
  const orderBy = sql`${expression} ${way(descending)} nulls ${nulls}, ${id.expression} ${way(descending)}`
  const value = place && valueAt(property, place.values[0] ?? null)
  const empty = sql`${expression} is null`
  if (place === undefined) return [sql`${expression} is not null`, empty].map((where) => ({ where, orderBy }))
  const placeId = sql`${sql.value(place.id)}::bigint`
  if (value === undefined)
    return [{ where: sql`${empty} and ${id.expression} ${beyond} ${placeId}`, orderBy }]
  const further = sql`(${expression}, ${id.expression}) ${beyond} (${value}, ${placeId})`
  return [further, empty].map((where) => ({ where, orderBy }))
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
