/**
 * What is visible of a forest: the servers, who connects, whether changes can be told, and how much each table would hold.
 *
 * @module
 */
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { countEntries, shownCount } from '../directory/count-entries.ts'
import { unencryptedPassword } from '../directory/unencrypted-password.ts'
import { whoAmI } from '../directory/who-am-i.ts'
import { cookieOfNow } from './dirsync.ts'
import { type Domain, Forest } from './domain.ts'
import type { ActiveDirectoryOptions } from './options.ts'
import { domainScope } from './read-table.ts'

export async function check(options: ActiveDirectoryOptions, context: ConnectorContext): Promise<Checked> {
  const forest = await Forest.open(options, context)
  try {
    const facts: Record<string, string> = {}
    const warnings: string[] = []
    for (const [at, domain] of forest.domains.entries()) {
      const number = forest.domains.length === 1 ? '' : ` ${at + 1}`
      facts[`server${number}`] = serverOf(domain)
      facts[`user${number}`] = await whoAmI(domain.connection, options.user, domain.root)
      facts[`domain${number}`] = domain.root.one('defaultnamingcontext') ?? ''
      const seen = await changesOf(domain, options)
      facts[`changes${number}`] = seen.fact
      if (seen.warning !== undefined) warnings.push(seen.warning)
    }
    warnings.push(...unencryptedPassword(options))
    for (const [name, table] of Object.entries(options.tables)) {
      const counted = await countOf(forest, options, table)
      facts[`${name}.csv`] = shownCount(counted, table)
      if (counted.entries === 0)
        warnings.push(`${name}.csv would be empty: look at base and filter, and at the rights of the user.`)
    }
    return { facts, warnings }
  } finally {
    forest.close()
  }
}

function serverOf({ connection, root }: Domain): string {
  const name = root.one('dnshostname')
  return name === undefined ? connection.place : `${connection.place} (${name})`
}

/** Tried, because nothing else says whether this user has the right. */
async function changesOf(
  { connection, root }: Domain,
  { changes, visibleOnly = false }: ActiveDirectoryOptions,
): Promise<{ readonly fact: string; readonly warning?: string }> {
  const context = root.one('defaultnamingcontext') ?? ''
  try {
    await cookieOfNow(connection, { context, visibleOnly })
    return {
      fact: visibleOnly ? 'dirsync, of what the user may read' : 'dirsync, with the right that it needs',
    }
  } catch (error) {
    if (!(error instanceof ManagedSystemError)) throw error
    const fact = 'dirsync is refused to this user'
    if (changes !== 'dirsync') return { fact }
    return { fact, warning: `${error.message} ${error.remedy ?? ''}`.trim() }
  }
}

async function countOf(
  forest: Forest,
  options: ActiveDirectoryOptions,
  table: ActiveDirectoryOptions['tables'][string],
) {
  let [entries, values] = [0, 0]
  const { pageSize = 1000 } = options
  for (const { domain, base } of forest.placesOf(table)) {
    const { connection } = domain
    const controls = [domainScope(connection.ldapts)]
    const found = await countEntries(connection, { ...options, pageSize }, { table, bases: [base], controls })
    entries += found.entries
    values += found.values
  }
  return { entries, values }
}
