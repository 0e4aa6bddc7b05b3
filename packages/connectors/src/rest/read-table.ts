/**
 * Reads the records of a table, those of each record above it where it is asked for them.
 *
 * @module
 */
import { RefusedRequestError } from '../http/answer-errors.ts'
import { inTurns } from './in-turns.ts'
import type { RestTable } from './options.ts'
import { ancestorsOf } from './options.ts'
import { type LookUp, placeholdersIn } from './placeholders.ts'
import { type Page, type Reading, readPages, type TableRequest } from './read-pages.ts'
import type { Above } from './table-rows.ts'
import { firstName, textOf, valueAt } from './value-path.ts'

export interface TableReading {
  readonly name: string
  readonly table: RestTable
  /** Paths of what is needed of each record. */
  readonly needed: readonly string[]
  /** Of the time from which on changes are wanted. */
  readonly since?: string | undefined
  readonly query?: TableRequest['query']
  readonly from?: string | undefined
}

/** Calls `handle` with each page; of several records above, with those of several at once. How many records above were gone meanwhile. */
export async function readTable(
  reading: Reading,
  asked: TableReading,
  handle: (page: Page, above: Above) => Promise<void>,
): Promise<number> {
  const { name, table, query, from } = asked
  const request = (above: Above): TableRequest => ({
    name,
    table,
    query,
    from,
    lookUp: valuesOf(asked, above),
  })
  const parent = parentOf(reading, asked)
  if (parent === undefined) {
    for await (const page of readPages(reading, request(new Map()))) await handle(page, new Map())
    return 0
  }
  let gone = 0
  const goneAbove = await readTable(reading, parent, async ({ records }, above) => {
    await inTurns(
      records.filter((one) => !isRemoved(parent.table, one)),
      reading.manifest.limits?.concurrent ?? 4,
      async (record) => {
        const all = new Map([...above, [parent.name, record]])
        try {
          for await (const page of readPages(reading, request(all))) await handle(page, all)
        } catch (error) {
          if (!(error instanceof RefusedRequestError) || table.gone?.includes(error.status) !== true)
            throw error
          gone++
        }
      },
    )
  })
  return goneAbove + gone
}

/** The table above, with what is needed of it for this one and for those below. */
function parentOf({ manifest }: Reading, { table, needed }: TableReading): TableReading | undefined {
  const name = table.for
  const above = name === undefined ? undefined : manifest.tables[name]
  if (name === undefined || above === undefined) return undefined
  const texts = [table.path, ...Object.values(table.query ?? {}), ...Object.values(table.headers ?? {})]
  const all = [...texts.flatMap((text) => placeholdersIn(String(text))), ...needed]
  const own = all.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1))
  const further = new Set(ancestorsOf(name, manifest.tables))
  return { name, table: above, needed: [...own, ...all.filter((path) => further.has(firstName(path)))] }
}

function valuesOf({ needed, since }: TableReading, above: Above): LookUp {
  const columns = needed
    // What stands before a dot in such a name is no name, and nobody is asked for it.
    .filter((path) => !path.startsWith('@') && !above.has(firstName(path)))
    .map(firstName)
  return (name) => {
    if (name === 'columns') return [...new Set(columns)].join(',')
    if (name === 'since') return since
    const table = firstName(name)
    return above.has(table) ? textOf(valueAt(above.get(table), name.slice(table.length + 1)), ',') : undefined
  }
}

/** Of a delta: the system says that it is not there. */
export function isRemoved({ changes }: RestTable, record: unknown): boolean {
  return changes?.by === 'delta' && valueAt(record, changes.removed) !== undefined
}
