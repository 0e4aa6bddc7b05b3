/**
 * The times a schedule names, as instants.
 *
 * A time that a change to summer time leaves out comes at the first instant after the gap; one that the
 * change back repeats comes once when it names an hour, and in both hours when it names every hour.
 *
 * @module
 */
import type { Schedule } from '@sluice/model'
import { Cron } from 'croner'

/** Milliseconds since 1970, as everywhere in this folder. */
export type Instant = number

export interface StartTimes {
  /** The first time after `instant`; `undefined` when there is none. */
  after(instant: Instant): Instant | undefined
  /** The times in (`since`, `until`]; `undefined` when there are none. */
  between(since: Instant, until: Instant): Span | undefined
}

interface Span {
  readonly first: Instant
  readonly last: Instant
  /** How many; counted no further than `countedMost`. */
  readonly count: number
}

export const countedMost = 1000

/** Of a job without a schedule. */
export const noTimes: StartTimes = { after: () => undefined, between: () => undefined }

export function startTimes({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>): StartTimes {
  const pattern = new Cron(cron, { paused: true, timezone: timeZone, mode: '5-or-6-parts' })
  const after = (instant: Instant) => pattern.nextRun(new Date(instant))?.getTime()
  return {
    after,
    between: (since, until) => {
      const first = after(since)
      if (first === undefined || first > until) return undefined
      // The library looks before the instant it is given.
      const last = pattern.previousRuns(1, new Date(until + 1))[0]?.getTime() ?? first
      let count = 1
      for (let at: Instant | undefined = first; at !== undefined && at < last && count < countedMost; ) {
        at = after(at)
        count += 1
      }
      return { first, last, count }
    },
  }
}
