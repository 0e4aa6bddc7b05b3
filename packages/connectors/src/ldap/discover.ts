import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered } from '../contract/discovered.ts'
import type { LdapOptions } from './options.ts'
export async function discover(_options: LdapOptions, _context: ConnectorContext): Promise<Discovered> {
  return { tables: [], notes: [] }
}
