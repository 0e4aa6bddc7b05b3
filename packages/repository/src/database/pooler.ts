/**
 * Finds out whether each connection has a session of PostgreSQL for itself.
 *
 * A pooler may lend one session to several clients in turn. Then a lock outlives whoever took it, and a statement runs with the
 * `search_path` of somebody else. Each connection therefore writes a mark of its own into its session. Whoever finds another
 * mark, or his own one gone, does not have the session for himself.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { ClientBase } from 'pg'
import { literal } from '../sql/quote.ts'
import { PoolerError } from './errors.ts'
import type { SessionSetting } from './session-settings.ts'

/** The marks of connections through a pooler. Others cannot lose their session without losing the connection. */
const marks = new WeakMap<ClientBase, string>()

const setting = 'sluice.session'

/** SQL: the mark of whoever had the session before; NULL or empty in a new one. */
export const markBefore = `pg_catalog.current_setting(${literal(setting)}, true)`

export function markOfSession(): SessionSetting {
  return { name: setting, value: randomUUID() }
}

export interface FoundSession {
  readonly location: string
  /** Process id of the server that the first statement reached. */
  readonly serverProcess: number
  /** What was in the place of `mark`. */
  readonly before: string | null
  readonly mark: string
}

/** Says whether something between us and the server speaks in its place. Throws when that has already lent the session to another. */
export function noticePooler(
  client: ClientBase,
  { location, serverProcess, before, mark }: FoundSession,
): boolean {
  // A pooler answers the login itself, and gives a process id that is none.
  if ('processID' in client && client.processID === serverProcess) return false
  if (before !== null && before !== '') {
    throw new PoolerError(location, 'a new connection finds the settings of another one')
  }
  marks.set(client, mark)
  return true
}

/** What one statement leaves in the session may not be there for the next, or be that of somebody else. */
export function isPooled(client: ClientBase): boolean {
  return marks.has(client)
}

/** Throws when the connection goes through a pooler and its session is not, or not any more, its own. */
export async function checkSession(client: ClientBase, location: string): Promise<void> {
  const mark = marks.get(client)
  if (mark === undefined) return
  const { rows } = await client.query<{ mark: string | null }>(`select ${markBefore} as mark`)
  if (rows[0]?.mark !== mark) {
    throw new PoolerError(location, 'statements of one connection reach sessions of others')
  }
}

/** So often the two take turns: others who use the same pool may hide once that it lends sessions. */
const rounds = 4

/**
 * Lets two connections take turns, and throws when they share sessions. A pooler hands out either the session that was used last
 * (then one finds the mark of the other) or the one that rested longest (then two statements of one reach two sessions).
 */
export async function proveSessions(one: ClientBase, other: ClientBase, location: string): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const client of [one, other, other, one, one]) await checkSession(client, location)
  }
}
