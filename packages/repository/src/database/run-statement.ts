/**
 * Statements, executed.
 *
 * @module
 */
import { compiled, type Statement, sql, statement } from '../sql/statement.ts'
import type { QueryResult, Session } from './database.ts'

/** Runs a statement. */
export async function run<R extends object>(
  session: Pick<Session, 'query'>,
  of: Statement<R>,
): Promise<QueryResult<R>> {
  const { text, values } = compiled(of)
  return await session.query<R>(text, values)
}

/** Runs a statement that always returns a row; that row. */
export async function one<R extends object>(session: Pick<Session, 'query'>, of: Statement<R>): Promise<R> {
  const { rows } = await run(session, of)
  const [row] = rows
  if (row === undefined) throw new Error(`No row from ${of.name}.`)
  return row
}

/** Says whether a query finds any row. */
export async function exists(session: Pick<Session, 'query'>, of: Statement): Promise<boolean> {
  const asked = statement<{ found: boolean }>(of.name, sql`select exists (${of.query}) as found`)
  return (await one(session, asked)).found
}
