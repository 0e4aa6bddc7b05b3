/**
 * One execution of a job in full: by what it began, its steps, their sources with runs, tries and errors.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { ExecutedSource, ExecutedStep, ExecutionRecord } from '@sluice/project'
import { describeBy } from './describe-by.ts'
import type { Hint } from './finding.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatDuration, formatInstant } from './quantities.ts'

/** By what it began, as people read it. */
export function describeStart({ cause, by }: Pick<ExecutionRecord, 'cause' | 'by'>): string {
  switch (cause) {
    case 'schedule':
      return 'its time'
    case 'after':
      return 'the jobs before it'
    case 'again':
      return 'the agent, again'
    case 'once':
      return 'sluice agent --once'
    case 'request':
      return describeBy(by)
  }
}

export function formatExecution(execution: ExecutionRecord, colors: Colors, hint: Hint): readonly string[] {
  const { job, state, steps } = execution
  const title = `Execution ${execution.execution} of ${printable(job)}: ${state}`
  return [
    colors.bold(title),
    ...factsOf(execution, hint).map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
    ...steps.flatMap((step) => {
      const cutOff = step.state === 'running' && state !== 'running'
      return formatStep(step, cutOff ? 'cut off' : step.state, colors, hint)
    }),
  ]
}

function factsOf(
  execution: ExecutionRecord,
  hint: Hint,
): readonly (readonly [name: string, value: string])[] {
  const { state, startedAt, finishedAt, heardAt, agent, stop, error } = execution
  const utc = (at: string) => `${formatInstant(at)} UTC`
  return [
    ['begun', `${utc(startedAt)}, by ${describeStart(execution)}`],
    ...(finishedAt === null
      ? []
      : [['ended', `${utc(finishedAt)}, after ${durationOf(startedAt, finishedAt)}`] as const]),
    ...(state === 'interrupted'
      ? [['silent', `since ${utc(heardAt)}: its process has ended, or cannot say how it goes on`] as const]
      : []),
    ['agent', printable(`${agent.host} (${agent.folder})`)],
    ...(stop === null ? [] : [['stop', `${describeBy(stop.by)} asked for it at ${utc(stop.at)}`] as const]),
    ...(error === null ? [] : [['error', `${error.code}: ${printable(error.message)}`] as const]),
    ...(error === null || error.remedy === null ? [] : [['', `→ ${printable(hint(error.remedy))}`] as const]),
  ]
}

function durationOf(startedAt: string, finishedAt: string): string {
  return formatDuration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)))
}

function formatStep(step: ExecutedStep, state: string, colors: Colors, hint: Hint): readonly string[] {
  const { step: name, stage, warning, milliseconds, sources } = step
  const time = milliseconds === null ? '' : ` ${colors.dim(`(${formatDuration(milliseconds)})`)}`
  const went = warning ? `${state}, and the job went on` : state
  return [
    `${colors.bold(printable(name))}${name === stage ? '' : ` (${stage})`}: ${went}${time}`,
    ...sources.flatMap((source) => formatSource(source, colors, hint)),
  ]
}

function formatSource(source: ExecutedSource, colors: Colors, hint: Hint): readonly string[] {
  const { state, reason, error, milliseconds, failedTries } = source
  const time = colors.dim(`(${formatDuration(milliseconds)})`)
  const why = error === null && reason !== null ? `: ${printable(reason)}` : ''
  return [
    `  ${source.source}: ${[state === 'done' ? [] : [state], runsOf(source)].flat().join('; ') || 'done'}${why} ${time}`,
    ...failedTries.map(
      ({ at, reason: failed }) =>
        `    tried again after ${formatInstant(at).slice(11, 19)}: ${printable(failed)}`,
    ),
    ...(error === null ? [] : [`    ${colors.red(error.code)}: ${printable(error.message)}`]),
    ...(error === null || error.remedy === null
      ? []
      : [`    ${colors.cyan('→')} ${printable(hint(error.remedy))}`]),
  ]
}

/** `run 12: 3 inserted, 1 updated; 2 rows rejected` */
function runsOf({ runs, changes, rejected }: ExecutedSource): readonly string[] {
  if (runs.length === 0) return []
  const counts = (['inserted', 'updated', 'deleted'] as const).flatMap((kind) =>
    changes[kind] === 0 ? [] : [`${formatCount(changes[kind])} ${kind}`],
  )
  const named = `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(', ')}`
  const left = rejected === 0 ? [] : [`${formatCount(rejected)} rejected`]
  return [`${named}: ${counts.length === 0 ? 'no changes' : counts.join(', ')}`, ...left]
}
