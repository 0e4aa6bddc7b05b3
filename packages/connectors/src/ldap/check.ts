import type { Checked, ConnectorContext } from '../contract/connector.ts'
import type { LdapOptions } from './options.ts'
export async function check(_options: LdapOptions, _context: ConnectorContext): Promise<Checked> {
  return { facts: {}, warnings: [] }
}
