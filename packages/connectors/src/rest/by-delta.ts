/**
 * What a system says has changed, from a link on that it gave last time.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { RefusedRequestError } from '../http/answer-errors.ts'
import type { DeltaChanges, Manifest, RestTable } from './options.ts'
import type { Page } from './read-pages.ts'
import { isRemoved, readTable } from './read-table.ts'
import type { Above, Row } from './table-rows.ts'
import { textOf, valueAt } from './value-path.ts'
import { neededPaths, notesOf, RowWriter, type WantedTable, type Writing } from './write-table.ts'

const cookieSchema = z.strictObject({
  version: z.literal(1),
  search: z.string(),
  link: z.string(),
  /** Rows that were deleted while everything was read: they may have been written before, and no link tells of them again. */
  removed: z.array(z.array(z.string().nullable())),
})
export type DeltaCookie = z.infer<typeof cookieSchema>

const cookieOf = ({ name }: WantedTable) => `${name}.delta`

/** The columns belong to it: rows that were deleted while everything was read are kept as they are written. */
function searchOf(
  { address }: Manifest,
  { path, query, changes }: RestTable,
  columns: readonly string[],
): string {
  return JSON.stringify([address, path, query, changes, columns])
}

/** `undefined`: none was kept, or it is of another search. */
export async function readDeltaCookie(
  manifest: Manifest,
  context: ExportContext,
  wanted: WantedTable,
): Promise<DeltaCookie | undefined> {
  const text = await context.readCookie(cookieOf(wanted))
  const parsed = cookieSchema.safeParse(text === undefined ? undefined : JSON.parse(text))
  const search = searchOf(manifest, wanted.table, wanted.columns)
  return parsed.success && parsed.data.search === search ? parsed.data : undefined
}

type Written = { readonly kind: 'written'; readonly notes: readonly string[] } | { readonly kind: 'expired' }

/** Everything, where there is no cookie. */
export async function writeDelta(
  writing: Writing,
  wanted: WantedTable,
  { cookie, changes }: { readonly cookie: DeltaCookie | undefined; readonly changes: DeltaChanges },
): Promise<Written> {
  const { name, table, columns } = wanted
  const writer = await RowWriter.begin(writing, wanted, cookie !== undefined)
  const delta = new Delta(wanted, writer, changes)
  for (const cells of cookie?.removed ?? [])
    await writer.write(
      cells.map((cell) => cell ?? undefined),
      'delete',
    )
  try {
    const asked = { name, table, needed: neededPaths(wanted), from: cookie?.link }
    await readTable(writing, asked, (page, above) => delta.take(page, above))
  } catch (error) {
    if (cookie !== undefined && hasExpired(error, changes)) return { kind: 'expired' }
    throw error
  }
  const removed = cookie === undefined ? delta.removed : []
  const kept = { version: 1, search: searchOf(writing.manifest, table, columns), link: delta.link, removed }
  await writing.context.writeCookie(cookieOf(wanted), JSON.stringify(kept))
  const notes = cookie === undefined ? notesOf(wanted, writer, { rows: delta.rows, gone: 0 }) : []
  return { kind: 'written', notes }
}

/** Writes what comes, and remembers what was deleted. */
class Delta {
  rows = 0
  readonly removed: (string | null)[][] = []
  readonly #wanted: WantedTable
  readonly #writer: RowWriter
  readonly #changes: DeltaChanges
  #link: string | undefined

  constructor(wanted: WantedTable, writer: RowWriter, changes: DeltaChanges) {
    this.#wanted = wanted
    this.#writer = writer
    this.#changes = changes
  }

  async take({ records, body }: Page, above: Above): Promise<void> {
    this.#link = textOf(valueAt(body, this.#changes.link), ',') ?? this.#link
    for (const record of records)
      for (const row of this.#writer.rows.of(record, above)) {
        const wait = this.#write(row)
        if (wait !== undefined) await wait
      }
  }

  /** From which on the next one asks. */
  get link(): string {
    if (this.#link !== undefined) return this.#link
    throw new ManagedSystemError(
      `${this.#wanted.file}: the last page gives no link to what changes from now on ("${this.#changes.link}").`,
      {
        remedy: 'Look at changes of the table. The answer may not be all there is: it is tried again.',
        passing: true,
      },
    )
  }

  #write({ cells, of }: Row): Promise<void> | undefined {
    this.rows++
    if (!isRemoved(this.#wanted.table, of)) return this.#writer.write(cells)
    this.removed.push(cells.map((cell) => cell ?? null))
    return this.#writer.write(cells, 'delete')
  }
}

const usualSigns = ['410', 'resyncRequired', 'syncStateNotFound']

function hasExpired(error: unknown, { expired = usualSigns }: DeltaChanges): boolean {
  if (!(error instanceof RefusedRequestError)) return false
  return expired
    .map(String)
    .some((sign) => sign === String(error.status) || (!/^\d+$/.test(sign) && error.text.includes(sign)))
}
