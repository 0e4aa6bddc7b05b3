/**
 * What of a list is looked at, as it stands in the address. What nobody can read there is passed over.
 *
 * @module
 */
import { type Filter, parseFilter, writeFilter } from './filters.ts'

export interface Browse {
  /** Words that are searched; empty: all. */
  readonly words: string
  readonly filters: readonly Filter[]
  /** Names of properties in their order; `undefined`: the usual ones. */
  readonly columns: readonly string[] | undefined
  /** A property, with `-` before it downwards; `undefined`: as the server has them. */
  readonly sort: string | undefined
}

export interface BrowseAddress {
  readonly q?: string
  readonly where?: readonly string[]
  readonly columns?: string
  readonly sort?: string
}

type Address = Readonly<Record<string, unknown>>

export function readBrowse(address: Address): Browse {
  const where = [address['where']].flat().map((one) => parseFilter(textOf(one)))
  const columns = textOf(address['columns'])
    .split(',')
    .filter((name) => name !== '')
  const sort = textOf(address['sort'])
  return {
    words: textOf(address['q']),
    filters: where.filter((filter) => filter !== undefined),
    columns: columns.length === 0 ? undefined : columns,
    sort: /^-?[A-Za-z]\w*$/.test(sort) ? sort : undefined,
  }
}

/** Nothing of what is as usual. */
export function writeBrowse({ words, filters, columns, sort }: Browse): BrowseAddress {
  return {
    ...(words === '' ? {} : { q: words }),
    ...(filters.length === 0 ? {} : { where: filters.map(writeFilter) }),
    ...(columns === undefined ? {} : { columns: columns.join(',') }),
    ...(sort === undefined ? {} : { sort }),
  }
}

/** What a header does when it is clicked: upwards, downwards, as it was. */
export function nextSort(sort: string | undefined, property: string): string | undefined {
  if (sort === property) return `-${property}`
  return sort === `-${property}` ? undefined : property
}

/** The router reads a number where the text looks like one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
