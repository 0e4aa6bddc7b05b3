import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import type { LdapOptions } from './options.ts'
export async function exportTables(
  _options: LdapOptions,
  _context: ExportContext,
): Promise<ConnectorStatement> {
  return { complete: true }
}
