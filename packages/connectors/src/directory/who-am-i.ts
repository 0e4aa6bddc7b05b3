/**
 * Whom a server takes the connection for (RFC 4532).
 *
 * @module
 */
import type { Connection } from './connection.ts'
import { oids } from './controls.ts'
import type { DirectoryConnection } from './options.ts'
import { resultCodes } from './results.ts'
import type { RootEntry } from './root-entry.ts'

export async function whoAmI(
  connection: Connection,
  user: DirectoryConnection['user'],
  root: RootEntry,
): Promise<string> {
  const asked = user === undefined ? 'anonymous' : String(user)
  if (!root.all('supportedextension').includes(oids.whoAmI)) return asked
  const { code, value } = await connection.extended(oids.whoAmI)
  const name = value?.toString('utf8').replace(/^(dn|u):/, '') ?? ''
  return code === resultCodes.success && name !== '' ? name : asked
}
