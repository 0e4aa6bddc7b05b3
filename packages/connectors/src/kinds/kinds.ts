/**
 * The connectors that Sluice brings along. Each is loaded only when it is used.
 *
 * @module
 */
import type { Connector } from '../contract/connector.ts'

/** By what `export.connector` names. */
export const kinds: ReadonlyMap<string, () => Promise<Connector>> = new Map([
  ['active-directory', async () => (await import('../active-directory/connector.ts')).activeDirectory],
  ['duckdb', async () => (await import('../duckdb/connector.ts')).duckdb],
  ['files', async () => (await import('../documents/connector.ts')).files],
  ['ldap', async () => (await import('../ldap/connector.ts')).ldap],
  ['mysql', async () => (await import('../mysql/connector.ts')).mysql],
  ['postgresql', async () => (await import('../postgresql/connector.ts')).postgresql],
  ['singer', async () => (await import('../singer/connector.ts')).singer],
  ['sqlite', async () => (await import('../sqlite/connector.ts')).sqlite],
])
