/**
 * When a job starts: the cron expression is read with the same library that will follow it.
 *
 * @module
 */
import { Cron } from 'croner'
import type { Schedule } from '../job/job.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { JobInput } from './job-schema.ts'
import { suggestion } from './names.ts'

/** An expression that only comes long after this is taken for one that never comes. */
const referenceDate = new Date('2024-01-01T00:00:00Z')

export function resolveSchedule(job: Definition<JobInput>, findings: Findings): Schedule | undefined {
  const input = job.value.schedule
  if (input === undefined) return undefined
  if (typeof input !== 'object') {
    const cron = textIn(job, ['schedule'])
    checkCron(job, ['schedule'], cron, findings)
    return { cron, timeZone: 'UTC', jitter: 0, missed: 'run' }
  }
  const cron = textIn(job, ['schedule', 'cron'])
  checkCron(job, ['schedule', 'cron'], cron, findings)
  const { timeZone = 'UTC', jitter = '0s', missed = 'run' } = input
  checkTimeZone(job, timeZone, findings)
  return { cron, timeZone, jitter: millisecondsOf(jitter), missed }
}

function checkCron(job: Definition<JobInput>, path: readonly string[], cron: string, findings: Findings) {
  const problem = problemOfCron(cron)
  if (problem === undefined) return
  findings.add(findingCodes.schedule, placeIn(job, path), `"${cron}" is not a valid schedule: ${problem}.`, {
    remedy: 'Write minute, hour, day of the month, month and day of the week, such as "30 2 * * *".',
  })
}

function problemOfCron(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/).length
  // Nicknames such as @daily count as the fields they stand for; a date, which the library also takes, does not.
  if (!/^@[a-z]+$/i.test(cron.trim()) && (fields < 5 || fields > 6)) {
    return `it has ${fields === 1 ? 'one field' : `${fields} fields`} in place of five or six`
  }
  try {
    const found = new Cron(cron, { paused: true, timezone: 'UTC', mode: '5-or-6-parts' })
    return found.nextRun(referenceDate) === null ? 'that day does not exist' : undefined
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const reason = error.message.replace(/^CronPattern: /, '').replace(/\.$/, '')
    return `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
  }
}

function checkTimeZone(job: Definition<JobInput>, timeZone: string, findings: Findings): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    const message = `There is no time zone "${timeZone}".`
    const near = suggestion(timeZone, Intl.supportedValuesOf('timeZone'))
    findings.add(findingCodes.schedule, placeIn(job, ['schedule', 'timeZone']), message, {
      remedy: near ?? 'Write a name such as Europe/Paris, or UTC.',
    })
  }
}
