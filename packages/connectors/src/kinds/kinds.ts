/**
 * The connectors that Sluice brings along. Each is loaded only when it is used.
 *
 * @module
 */
import type { Connector } from '../contract/connector.ts'

/** By what `export.connector` names. */
export const kinds: ReadonlyMap<string, () => Promise<Connector>> = new Map([
  ['ldap', async () => (await import('../ldap/connector.ts')).ldap],
])
