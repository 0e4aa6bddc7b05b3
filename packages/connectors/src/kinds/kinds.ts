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
  ['entra-id', async () => (await import('../entra-id/connector.ts')).entraId],
  ['files', async () => (await import('../documents/connector.ts')).files],
  ['google-workspace', async () => (await import('../google-workspace/connector.ts')).googleWorkspace],
  ['ldap', async () => (await import('../ldap/connector.ts')).ldap],
  ['mysql', async () => (await import('../mysql/connector.ts')).mysql],
  ['odata', async () => (await import('../odata/connector.ts')).odata],
  ['okta', async () => (await import('../okta/connector.ts')).okta],
  ['postgresql', async () => (await import('../postgresql/connector.ts')).postgresql],
  ['rest', async () => (await import('../rest/connector.ts')).rest],
  ['sap', async () => (await import('../sap/connector.ts')).sap],
  ['scim', async () => (await import('../scim/connector.ts')).scim],
  ['servicenow', async () => (await import('../servicenow/connector.ts')).serviceNow],
  ['sharepoint', async () => (await import('../sharepoint/connector.ts')).sharepoint],
  ['singer', async () => (await import('../singer/connector.ts')).singer],
  ['sqlite', async () => (await import('../sqlite/connector.ts')).sqlite],
  ['workday', async () => (await import('../workday/connector.ts')).workday],
])
