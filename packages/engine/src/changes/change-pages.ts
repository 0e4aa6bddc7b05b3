/**
 * Pages in which changes are read, so that a million of them never lie in memory.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'

export interface ChangePage {
  readonly limit: number
  readonly offset: number
  /** SQL condition: behind the place where the page before ended. */
  readonly behind?: SQL | undefined
}

/**
 * Pages of which each is larger than the one before: whoever wants the first changes has them at once, and whoever
 * wants a million does not have them sorted a thousand times.
 */
export function* growingPages(): Generator<ChangePage> {
  for (let offset = 0, limit = 500; ; offset += limit, limit = Math.min(limit * 2, largestPage)) {
    yield { offset, limit }
  }
}

const largestPage = 16_000

export function behindOf({ behind = sql.true }: ChangePage): SQL {
  return behind
}

export function slice({ limit, offset }: ChangePage): SQL {
  return sql`limit ${sql.literal(limit)} offset ${sql.literal(offset)}`
}
