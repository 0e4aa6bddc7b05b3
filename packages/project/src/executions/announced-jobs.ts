/**
 * Jobs as their agent announces them: when each begins next, and after what it waits.
 *
 * @module
 */
import type { AnnouncedJob, Job } from '@sluice/model'
import { awaited } from '../schedule/job-order.ts'
import type { ScheduleRecord } from '../schedule/schedule-state.ts'
import { startTimes } from '../schedule/start-times.ts'

/** @param records What is remembered of their last starts, by name. */
export function announcedJobs(
  jobs: Iterable<Job>,
  records: ReadonlyMap<string, Pick<ScheduleRecord, 'doneAt' | 'taken'>>,
  now: Date,
): readonly AnnouncedJob[] {
  return [...jobs].map(({ name, description, steps, schedule, after }) => {
    const next = schedule === undefined ? undefined : startTimes(schedule).after(now.getTime())
    return {
      job: name,
      description: description ?? null,
      steps: steps.map((step) => step.name),
      schedule: schedule === undefined ? null : `${schedule.cron} ${schedule.timeZone}`,
      after: [...after],
      nextStart: next === undefined ? null : new Date(next).toISOString(),
      waitsFor: [...awaited(after, records.get(name)?.taken ?? {}, records)],
    }
  })
}
