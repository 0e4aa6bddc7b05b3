/**
 * What is visible of a directory: the server, who connects, and how much each table would hold.
 *
 * @module
 */
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { Connection } from '../directory/connection.ts'
import { oids } from '../directory/controls.ts'
import { countEntries, shownCount } from '../directory/count-entries.ts'
import { basesOf } from '../directory/read-entries.ts'
import { type RootEntry, readRoot } from '../directory/root-entry.ts'
import { unencryptedPassword } from '../directory/unencrypted-password.ts'
import { whoAmI } from '../directory/who-am-i.ts'
import type { LdapOptions } from './options.ts'
import { syncOids } from './sync-controls.ts'

export async function check(options: LdapOptions, context: ConnectorContext): Promise<Checked> {
  const connection = await Connection.open(options, context)
  try {
    const root = await readRoot(connection)
    const server = [root.one('vendorname'), root.one('vendorversion')].filter(Boolean).join(' ')
    const facts: Record<string, string> = {
      server: server === '' ? connection.place : `${connection.place} (${server})`,
      user: await whoAmI(connection, options.user, root),
      directory: root.all('namingcontexts').join(', ') || 'not told',
      changes: changesOf(root),
    }
    const warnings = [...warningsOf(options, root)]
    for (const [name, table] of Object.entries(options.tables)) {
      const counted = await countEntries(connection, options, { table, bases: basesOf(options, table) })
      facts[`${name}.csv`] = shownCount(counted, table)
      if (counted.entries === 0)
        warnings.push(`${name}.csv would be empty: look at base and filter, and at the rights of the user.`)
    }
    return { facts, warnings }
  } finally {
    connection.close()
  }
}

function changesOf(root: RootEntry): string {
  const synchronizes = root.all('supportedcontrol').includes(syncOids.request)
  return synchronizes ? 'content-synchronization is supported' : 'content-synchronization is not supported'
}

function* warningsOf(options: LdapOptions, root: RootEntry): Generator<string> {
  const { changes, pageSize = 500 } = options
  yield* unencryptedPassword(options)
  const controls = root.all('supportedcontrol')
  if (changes === 'content-synchronization' && !controls.includes(syncOids.request))
    yield 'The server does not support content synchronization: choose another way with changes.'
  if (changes === 'modification-time')
    yield 'Deleted entries are not seen by an incremental: run a complete now and then.'
  if (pageSize > 0 && controls.length > 0 && !controls.includes(oids.pages))
    yield 'The server does not send entries in pages: write pageSize: 0.'
}
