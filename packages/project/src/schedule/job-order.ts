/**
 * Whether the jobs that one comes after have ended well since it last began.
 *
 * Each start writes down which ends it was made after, and each end counts for one start. No clock is asked: one that is set
 * back makes no end an earlier one.
 *
 * @module
 */
import type { ScheduleRecord } from './schedule-state.ts'

type Records = ReadonlyMap<string, Pick<ScheduleRecord, 'doneAt'>>

/** Those of `after` that have yet to end well. */
export function awaited(
  after: readonly string[],
  taken: ScheduleRecord['taken'],
  records: Records,
): readonly string[] {
  return after.filter((name) => {
    const doneAt = records.get(name)?.doneAt ?? null
    return doneAt === null || doneAt === taken[name]
  })
}

/** What a start that is made now is made after. */
export function takenBy(after: readonly string[], records: Records): ScheduleRecord['taken'] {
  return Object.fromEntries(
    after.flatMap((name) => {
      const doneAt = records.get(name)?.doneAt ?? null
      return doneAt === null ? [] : [[name, doneAt]]
    }),
  )
}
