/**
 * All entries of a table, page by page.
 *
 * @module
 */
import type { Control } from 'ldapts'
import type { Connection } from './connection.ts'
import { nextPage, pagesControl } from './controls.ts'
import type { Entry } from './messages.ts'
import type { DirectoryTable, ReadingOptions } from './options.ts'
import { withAllValues } from './ranges.ts'
import { refusalOf, resultCodes } from './results.ts'

/** Where a table is looked for. */
export function basesOf(
  { base: general }: Pick<ReadingOptions, 'base'>,
  { base = general }: DirectoryTable,
): readonly string[] {
  if (base === undefined) return ['']
  return Array.isArray(base) ? base.map(String) : [String(base)]
}

export interface ReadEntries {
  readonly base: string
  readonly table: DirectoryTable
  readonly attributes: readonly string[]
  readonly pageSize: number
  /** In place of the table's own filter. */
  readonly filter?: string
  /** Beside that of pages. */
  readonly controls?: readonly Control[]
  /** An attribute whose values may come part by part, in several entries: each of them is a row of its own. */
  readonly apart?: string | undefined
}

/**
 * Entries as they arrive, with all values of their attributes; returns how many references to other servers there were. Throws where not
 * all of them were sent.
 */
export function readEntries(connection: Connection, request: ReadEntries): AsyncGenerator<Entry, number> {
  return withAllValues(connection, readPages(connection, request), request)
}

async function* readPages(connection: Connection, request: ReadEntries): AsyncGenerator<Entry, number> {
  let references = 0
  let cookie: Buffer | undefined = Buffer.alloc(0)
  while (cookie !== undefined) {
    const page: Page = yield* readPage(connection, request, cookie)
    references += page.references
    cookie = page.next
  }
  return references
}

interface Page {
  readonly references: number
  /** The cookie of the next one. */
  readonly next: Buffer | undefined
}

async function* readPage(
  connection: Connection,
  { base, table, attributes, pageSize, filter = filterOf(table), controls: others = [] }: ReadEntries,
  cookie: Buffer,
): AsyncGenerator<Entry, Page> {
  const pages = pageSize === 0 ? [] : [pagesControl(connection.ldapts, pageSize, cookie)]
  const controls = [...pages, ...others]
  const search = connection.search({ base, scope: table.scope ?? 'subtree', filter, attributes, controls })
  let references = 0
  let step = await search.next()
  while (step.done !== true) {
    if (step.value.kind === 'entry') yield step.value
    if (step.value.kind === 'reference') references++
    step = await search.next()
  }
  if (step.value.code !== resultCodes.success)
    throw refusalOf(`Searching ${base || 'the directory'} on ${connection.place}`, step.value)
  const next = nextPage(connection.ldapts, step.value.controls)
  return { references, next: next === undefined || next.length === 0 ? undefined : next }
}

export function filterOf({ filter = '(objectClass=*)' }: DirectoryTable): string {
  return filter
}
