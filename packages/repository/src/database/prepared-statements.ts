/**
 * Statements that a server keeps for a connection, parsed and, once they have come a few times, planned.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { isPooled } from './pooler.ts'

/** Each is some memory of the server for as long as the connection lasts; what comes beyond is parsed each time. */
const mostPrepared = 200

const preparedFor = new WeakMap<ClientBase, Map<string, string>>()

/** Under which name the server keeps the statement for this connection; `undefined`: it is to be sent without one. */
export function preparedName(client: ClientBase, text: string): string | undefined {
  if (isPooled(client)) return undefined
  const names = preparedFor.get(client) ?? new Map<string, string>()
  preparedFor.set(client, names)
  const known = names.get(text)
  if (known !== undefined || names.size >= mostPrepared) return known
  const name = `sluice_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  names.set(text, name)
  return name
}
