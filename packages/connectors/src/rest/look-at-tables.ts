/**
 * Looks at the beginning of each table, without reading all of it.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { RefusedRequestError } from '../http/answer-errors.ts'
import { HttpClient } from '../http/http-client.ts'
import { totalOf } from './next-page.ts'
import type { Manifest, RestTable } from './options.ts'
import { isRemoved, readTable } from './read-table.ts'

/** A table that was looked at. */
export interface Look {
  readonly name: string
  readonly table: RestTable
  /** The first ones, or why there are none. */
  readonly records: readonly unknown[]
  /** There are no others. */
  readonly whole: boolean
  readonly total?: number | undefined
  readonly failure?: ManagedSystemError | undefined
}

/** Ends a reading that has seen enough. */
class EnoughSeen extends Error {}

/** Records that are looked at: those of the first pages. */
const enough = 200
/** Pages, of tables that are asked for records of others. */
const mostPages = 5

/** Throws where no table can be read at all. */
export async function lookAtTables(manifest: Manifest, context: ConnectorContext): Promise<readonly Look[]> {
  const client = await HttpClient.open(manifest, context)
  try {
    const looks: Look[] = []
    for (const [name, table] of Object.entries(manifest.tables))
      looks.push(await lookAt({ manifest, client, context }, name, table))
    const [first] = looks
    if (first?.failure !== undefined && looks.every(({ failure }) => failure !== undefined))
      throw first.failure
    return looks
  } finally {
    await client.close()
  }
}

async function lookAt(
  reading: Parameters<typeof readTable>[0],
  name: string,
  table: RestTable,
): Promise<Look> {
  const records: unknown[] = []
  let pages = 0
  let total: number | undefined
  const seen = () => ({ name, table, records, total })
  try {
    await readTable(reading, { name, table, needed: [] }, async (page) => {
      records.push(...page.records.filter((one) => !isRemoved(table, one)))
      const paging = table.pages ?? reading.manifest.pages
      total = paging === undefined || table.for !== undefined ? undefined : totalOf(paging, page)
      if (records.length >= enough || ++pages >= mostPages) throw new EnoughSeen()
    })
    return { ...seen(), whole: true }
  } catch (error) {
    if (error instanceof EnoughSeen) return { ...seen(), whole: false }
    // Who may not read one table may read others; who is not let in may read none.
    if (
      !(error instanceof ManagedSystemError) ||
      !(error instanceof RefusedRequestError) ||
      error.status === 401
    )
      throw error
    return { ...seen(), whole: false, failure: error }
  }
}
