/**
 * The servers that are read, each with the parts of the forest that it holds.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { Connection } from '../directory/connection.ts'
import type { DirectoryTable } from '../directory/options.ts'
import { basesOf } from '../directory/read-entries.ts'
import { type RootEntry, readRoot } from '../directory/root-entry.ts'
import { comparableName, contextOf } from './naming-contexts.ts'
import type { ActiveDirectoryOptions, DomainServer } from './options.ts'

export interface Domain {
  readonly connection: Connection
  readonly root: RootEntry
  /** Below which entries is searched, for tables that name no base. */
  readonly bases: readonly string[]
  readonly contexts: readonly string[]
}

/** Where a table is looked for. */
export interface Place {
  readonly domain: Domain
  readonly base: string
  /** The naming context that holds the base. */
  readonly context: string
}

export class Forest {
  readonly domains: readonly Domain[]

  private constructor(domains: readonly Domain[]) {
    this.domains = domains
  }

  /** Connects to all servers. */
  static async open(options: ActiveDirectoryOptions, context: ConnectorContext): Promise<Forest> {
    const { servers = [], base, ...shared } = options
    const domains: Domain[] = []
    try {
      for (const server of [{ base }, ...servers])
        domains.push(await openDomain({ ...shared, ...given(server) }, context))
      return new Forest(domains)
    } catch (error) {
      for (const { connection } of domains) connection.close()
      throw error
    }
  }

  /** One of them, for what all servers of a forest know. */
  get first(): Domain {
    const [first] = this.domains
    if (first === undefined) throw new Error('There is no server.')
    return first
  }

  placesOf(table: DirectoryTable): readonly Place[] {
    if (table.base !== undefined) return basesOf({}, table).map((base) => this.#placeOf(base, this.domains))
    return this.domains.flatMap((domain) => domain.bases.map((base) => this.#placeOf(base, [domain])))
  }

  #placeOf(base: string, domains: readonly Domain[]): Place {
    for (const domain of domains) {
      const context = contextOf(base, domain.contexts)
      if (context !== undefined) return { domain, base, context }
    }
    const held = domains.flatMap(({ contexts }) => contexts)
    throw new ManagedSystemError(
      `The base ${base} is in no naming context of ${domains.map(({ connection }) => connection.place).join(', ')}.`,
      { remedy: `It has to end with one of these: ${held.join('; ')}.` },
    )
  }

  close(): void {
    for (const { connection } of this.domains) connection.close()
  }
}

/** Without what is not given, so that it does not hide what all servers share. */
function given(server: Partial<DomainServer>): Partial<DomainServer> {
  return Object.fromEntries(Object.entries(server).filter(([, value]) => value !== undefined))
}

async function openDomain(
  options: Omit<ActiveDirectoryOptions, 'servers'>,
  context: ConnectorContext,
): Promise<Domain> {
  const connection = await Connection.open(options, context)
  try {
    const root = await readRoot(connection)
    const own = root.one('defaultnamingcontext')
    if (own === undefined)
      throw new ManagedSystemError(`${connection.place} is no domain controller of an Active Directory.`, {
        remedy: 'Use connector: ldap for other directories.',
      })
    const named = basesOf(options, {}).filter((base) => comparableName(base) !== '')
    return { connection, root, bases: named.length > 0 ? named : [own], contexts: root.all('namingcontexts') }
  } catch (error) {
    connection.close()
    throw error
  }
}
