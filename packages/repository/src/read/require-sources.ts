/**
 * Refuses names of sources that the repository does not know.
 *
 * @module
 */
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { sql, statement } from '../sql/statement.ts'
import { UnknownNameError } from './read-errors.ts'

/** Throws `UnknownNameError`. */
export async function requireSources(session: Session, names: readonly string[] | undefined): Promise<void> {
  if (names === undefined) return
  const known = (await run(session, allSources)).rows.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UnknownNameError('source', unknown, known)
}

const allSources = statement<{ name: string }>(
  'read/source-names',
  sql`select s.name from sluice_source s order by s.name`,
)
