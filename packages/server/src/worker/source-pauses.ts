/**
 * Sources that are not tried again before a time, because their last run failed.
 *
 * A pause supposes that nothing has changed since, so it ends when something has: another delivery has come, or what was in the way of all
 * sources is gone. That lets pauses grow without anybody waiting for the end of one.
 *
 * @module
 */
import type { WaitingSource } from '@sluice/inbox'

/**
 * What was in the way of a run: something of its source; of the machine, so that it is in the way of others, too; the database, which could not
 * be reached or not be written; or that it was lost in the middle of the run.
 */
export type Obstruction = 'source' | 'machine' | 'database' | 'loss'

interface Pause {
  /** As `performance.now()` says them, which nobody sets. */
  readonly since: number
  readonly until: number
  /** Milliseconds of the next one. */
  readonly next: number
  readonly because: Obstruction
  /** How often in a row the database was lost. */
  readonly losses: number
  readonly newest: string
}

const firstPause = 1000
const longestPause = 60_000
/** After more in a row, it may be the run that ends the database. */
const mostLosses = 2

export class SourcePauses {
  readonly #pauses = new Map<string, Pause>()

  rests({ source, newest }: WaitingSource): boolean {
    const pause = this.#pauses.get(source)
    return pause !== undefined && pause.newest === newest && performance.now() < pause.until
  }

  /** Any that ends when the database is there. */
  get awaitDatabase(): boolean {
    return [...this.#pauses.values()].some(endsWithDatabase)
  }

  /** Each is twice as long as the one before it; its milliseconds. */
  begin({ source, newest }: WaitingSource, because: Obstruction): number {
    const before = this.#pauses.get(source)
    const length = before?.next ?? firstPause
    const since = performance.now()
    this.#pauses.set(source, {
      since,
      until: since + length,
      next: Math.min(length * 2, longestPause),
      because,
      losses: because === 'loss' ? (before?.losses ?? 0) + 1 : 0,
      newest,
    })
    return length
  }

  /** Does not make the next one longer. */
  beginShort({ source, newest }: WaitingSource): void {
    const since = performance.now()
    const until = since + firstPause
    this.#pauses.set(source, { since, until, next: firstPause, because: 'source', losses: 0, newest })
  }

  /** What comes next of the source need not wait. */
  end(source: string): void {
    this.#pauses.delete(source)
  }

  /** Another source has fared well. */
  machineIsWell(): void {
    this.#endThose(({ because }) => because === 'machine')
  }

  databaseIsThere(): void {
    this.#endThose(endsWithDatabase)
  }

  /** But for the first second: should a run fail again all the same, it is not begun over and over. Its next pause is longer then. */
  #endThose(which: (pause: Pause) => boolean): void {
    for (const [source, pause] of this.#pauses) {
      const until = Math.min(pause.until, pause.since + firstPause)
      if (which(pause)) this.#pauses.set(source, { ...pause, until })
    }
  }
}

function endsWithDatabase({ because, losses }: Pause): boolean {
  return because === 'database' || (because === 'loss' && losses <= mostLosses)
}
