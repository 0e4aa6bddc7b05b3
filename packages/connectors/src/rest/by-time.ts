/**
 * All records of a table, or those that were changed since.
 *
 * @module
 */
import { millisecondsOf } from '@sluice/model'
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { earlier, later } from './change-time.ts'
import type { Manifest, RestTable, TimeChanges } from './options.ts'
import { readTable } from './read-table.ts'
import { isMarked, textOf, valueAt } from './value-path.ts'
import { neededPaths, notesOf, RowWriter, type WantedTable, type Writing } from './write-table.ts'

const cookieSchema = z.strictObject({ version: z.literal(1), search: z.string(), since: z.string() })

const cookieOf = ({ name }: WantedTable) => `${name}.time`

/** Of which search a time is: it means nothing for another one. */
function searchOf({ address }: Manifest, { path, query, body, changes }: RestTable): string {
  return JSON.stringify([address, path, query, body, changes])
}

/** `undefined`: none was kept, or it is of another search. */
export async function readSince(
  manifest: Manifest,
  context: ExportContext,
  wanted: WantedTable,
): Promise<string | undefined> {
  const text = await context.readCookie(cookieOf(wanted))
  const parsed = cookieSchema.safeParse(text === undefined ? undefined : JSON.parse(text))
  return parsed.success && parsed.data.search === searchOf(manifest, wanted.table)
    ? parsed.data.since
    : undefined
}

/** Everything, where there is no `since`. What people should know of it. */
export async function writeRecords(
  writing: Writing,
  wanted: WantedTable,
  since: string | undefined,
): Promise<readonly string[]> {
  const { table, name } = wanted
  const changes = table.changes?.by === 'time' ? table.changes : undefined
  const writer = await RowWriter.begin(writing, wanted, since !== undefined)
  const times = new ChangeTimes(changes)
  let rows = 0
  const query = since === undefined ? undefined : changes?.query
  const asked = { name, table, needed: neededPaths(wanted), since, query }
  const gone = await readTable(writing, asked, async ({ records }, above) => {
    for (const record of records) {
      times.add(record)
      const command = changes?.deleted !== undefined && isMarked(record, changes.deleted) ? 'delete' : 'merge'
      for (const { cells } of writer.rows.of(record, above)) {
        rows++
        const wait = writer.write(cells, command)
        if (wait !== undefined) await wait
      }
    }
  })
  if (changes !== undefined) await keep(writing, wanted, times.latest(wanted.file, changes) ?? since)
  return since === undefined ? notesOf(wanted, writer, { rows, gone }) : []
}

async function keep(
  { manifest, context }: Writing,
  wanted: WantedTable,
  since: string | undefined,
): Promise<void> {
  if (since === undefined) return
  const cookie = { version: 1, search: searchOf(manifest, wanted.table), since }
  await context.writeCookie(cookieOf(wanted), JSON.stringify(cookie))
}

/** When records were changed, as they say themselves: the clock of the system counts, and not ours. */
class ChangeTimes {
  readonly #path: string | undefined
  #latest: string | undefined
  #without = 0

  constructor(changes: TimeChanges | undefined) {
    this.#path = changes?.changed
  }

  add(record: unknown): void {
    if (this.#path === undefined) return
    const time = textOf(valueAt(record, this.#path), ',')
    if (time === undefined || time === '') this.#without++
    else this.#latest = later(this.#latest, time)
  }

  /** Less the overlap; `undefined` where there were no records. */
  latest(file: string, { changed, overlap = '10m' }: TimeChanges): string | undefined {
    if (this.#without > 0)
      throw new ManagedSystemError(
        `${this.#without} records of ${file} have no ${changed}, so changes cannot be found.`,
        { remedy: 'Look at changes of the table, or leave it out: then everything is read and compared.' },
      )
    return this.#latest === undefined ? undefined : earlier(this.#latest, millisecondsOf(overlap))
  }
}
