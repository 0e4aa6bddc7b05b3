/**
 * Jobs on the screen and for scripts: a line for each source of each step while it works, and one at the
 * end.
 *
 * @module
 */
import { printable, type RunReport } from '@sluice/model'
import type { JobEvent, JobReport, JobState, NextTry, SourceOutcome } from '@sluice/project'
import { errorDocument, formatError } from './error-message.ts'
import type { Hint } from './finding.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatDuration } from './quantities.ts'

/** What an event of a job says, as lines. */
export function formatJobEvent(event: JobEvent, colors: Colors, hint: Hint): readonly string[] {
  switch (event.kind) {
    case 'step started':
      return [colors.bold(event.step)]
    case 'source retried':
      return [`  ${event.source}: ${formatNextTry(event.next, colors)}`]
    case 'source ended':
      return formatOutcome(event.outcome, colors, hint)
    case 'step ended': {
      const { step, warning } = event.outcome
      return warning ? [`${colors.yellow('warning:')} "${step}" failed, and the job goes on.`] : []
    }
  }
}

export function formatNextTry({ reason, number, of, wait }: NextTry, colors: Colors): string {
  return `${colors.yellow('tried again')} in ${formatDuration(wait)} (${number} of ${of}): ${printable(reason)}`
}

function formatOutcome(outcome: SourceOutcome, colors: Colors, hint: Hint): readonly string[] {
  const { source, state, reason, reports, error, milliseconds } = outcome
  const time = colors.dim(`(${formatDuration(milliseconds)})`)
  switch (state) {
    case 'done': {
      const what = reports.length === 0 ? 'done' : reports.map(formatRun).join('; ')
      return [`  ${source}: ${what} ${time}`]
    }
    case 'failed': {
      const why = error === undefined ? [printable(reason ?? 'It failed.')] : formatError(error, colors, hint)
      return [`  ${source}: ${colors.red('failed')} ${time}`, ...why.map((line) => `    ${line}`)]
    }
    case 'held': {
      const held = reports.find((report) => report.state === 'held')?.run
      const look =
        held === undefined || held === null
          ? []
          : [`    ${colors.cyan('→')} ${hint(`sluice runs show ${held}`)}`]
      return [`  ${source}: ${colors.yellow('held')} ${time} ${printable(reason ?? '')}`, ...look]
    }
    case 'stopped':
    case 'waiting':
    case 'left out':
    case 'skipped':
      return [`  ${source}: ${colors.yellow(state)}${reason === undefined ? '' : `: ${printable(reason)}`}`]
  }
}

/** `run 12 applied: 3 inserted, 1 updated; 2 rows rejected` */
function formatRun({ run, mode, state, entities, associations }: RunReport): string {
  const all = [...entities, ...associations]
  const sum = (of: (report: (typeof all)[number]) => number) =>
    all.reduce((total, report) => total + of(report), 0)
  const changes = (['inserted', 'updated', 'deleted'] as const).flatMap((kind) => {
    const count = sum((report) => report.changes[kind])
    return count === 0 ? [] : [`${formatCount(count)} ${kind}`]
  })
  const rejected = sum(({ rows }) => rows?.rejected ?? 0)
  const left = rejected === 0 ? '' : `; ${formatCount(rejected)} rejected`
  return `run ${run} ${state}, ${mode}: ${changes.length === 0 ? 'no changes' : changes.join(', ')}${left}`
}

const endings: Readonly<Record<JobState, string>> = {
  done: 'is done',
  held: 'waits: a held run has to be approved or rejected',
  failed: 'failed',
  waiting: 'is not finished: the server cannot be reached',
  stopped: 'was stopped',
}

export function formatJobEnd({ job, state, startedAt, finishedAt }: JobReport, colors: Colors): string {
  const time = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
  const color = state === 'done' ? colors.green : state === 'failed' ? colors.red : colors.yellow
  return `${color(colors.bold(`${job} ${endings[state]}`))} ${colors.dim(`(${time})`)}`
}

/** What `--json` prints. */
export function jobDocument(report: JobReport): object {
  const steps = report.steps.map((step) => ({
    ...step,
    milliseconds: Math.round(step.milliseconds),
    sources: step.sources.map(({ source, state, reason = null, reports, error, milliseconds }) => ({
      source,
      state,
      reason,
      reports,
      error: error === undefined ? null : errorDocument(error).error,
      milliseconds: Math.round(milliseconds),
    })),
  }))
  return { ...report, steps }
}
