/**
 * Writes down what a database executes, statement by statement, with rows and milliseconds: the operator's profiler and
 * our own.
 *
 * @module
 */
import { cutText } from '@sluice/model'
import type { Database, Session } from './database.ts'
import { throughSessions } from './through-sessions.ts'

/** One executed statement. */
export interface LoggedStatement {
  readonly text: string
  readonly values: readonly unknown[]
  /** Rows returned, changed or copied; `undefined` where the database does not say. */
  readonly rows: number | undefined
  readonly milliseconds: number
  /** Why it failed. */
  readonly error: string | undefined
}

export type OnStatement = (statement: LoggedStatement) => void

/** The same database, which calls `onStatement` for each statement when it is over. */
export function loggedDatabase(database: Database, onStatement: OnStatement): Database {
  const logged = (session: Session): Session => ({
    query: (text, values = [], options = {}) =>
      timed(
        { text, values },
        onStatement,
        () => session.query(text, values, options),
        ({ count }) => count,
      ),
    execute: (text) =>
      timed(
        { text, values: [] },
        onStatement,
        () => session.execute(text),
        () => undefined,
      ),
    copyFrom: (target, path, format, options) =>
      timed(
        { text: `copy ${target} from stdin with (${format})`, values: [] },
        onStatement,
        () => session.copyFrom(target, path, format, options),
        ({ rows }) => rows,
      ),
  })
  return throughSessions(database, logged)
}

async function timed<T>(
  of: Pick<LoggedStatement, 'text' | 'values'>,
  onStatement: OnStatement,
  work: () => Promise<T>,
  rowsOf: (result: T) => number | undefined,
): Promise<T> {
  const started = performance.now()
  const over = (rows: number | undefined, error: string | undefined) =>
    onStatement({ ...of, rows, milliseconds: performance.now() - started, error })
  try {
    const result = await work()
    over(rowsOf(result), undefined)
    return result
  } catch (error) {
    over(undefined, error instanceof Error ? error.message : String(error))
    throw error
  }
}

/** A statement as it stands in a file that `psql` can read: the time and rows as a comment above it, values below. */
export function describeStatement({ text, values, rows, milliseconds, error }: LoggedStatement): string {
  const facts = [`${milliseconds.toFixed(1)} ms`, ...(rows === undefined ? [] : [`${rows} rows`])]
  const bound = values.map((value, index) => `-- $${index + 1} = ${shown(value)}\n`).join('')
  const failed = error === undefined ? '' : `-- failed: ${oneLine(error)}\n`
  return `-- ${facts.join(', ')}\n${text.trim()};\n${bound}${failed}\n`
}

const longestShown = 200

function shown(value: unknown): string {
  const text = oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)))
  return text.length > longestShown ? `${cutText(text, longestShown)}… (${text.length} characters)` : text
}

/** Without line breaks or control characters, so that a value never ends its comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
}
