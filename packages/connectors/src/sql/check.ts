/**
 * What is visible of a database: server and user, and how many rows each table would have.
 *
 * @module
 */
import type { Checked } from '../contract/connector.ts'
import { onlyRow, type SqlDatabase } from './database.ts'
import type { SqlOptions } from './options.ts'
import { fromOf } from './select.ts'

export async function check(database: SqlDatabase, { tables }: SqlOptions): Promise<Checked> {
  const facts: Record<string, string> = { ...(await database.facts()) }
  const warnings: string[] = []
  for (const [name, table] of Object.entries(tables)) {
    const [count = '0'] = await onlyRow(database, `select count(*) from ${fromOf(database, name, table)}`)
    facts[`${name}.csv`] = `${count} rows`
    if (count === '0')
      warnings.push(`${name}.csv would be empty: look at the table, and at the rights of the user.`)
    if (table.changed !== undefined && table.deleted === undefined)
      warnings.push(
        `Deleted rows of ${name}.csv are not seen by an incremental: run a complete now and then.`,
      )
  }
  return { facts, warnings }
}
