/**
 * `sluice status`: one look at all sources, here or through a server.
 *
 * @module
 */

import { printable } from '@sluice/model'
import { type FailedJob, type SourceStatus, UnknownSourceError } from '@sluice/project'
import { type Context, type GlobalOptions, statusOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { labellerOf } from '../language.ts'
import { formatInstant, formatNumberOf } from '../output/quantities.ts'
import { writeRecords } from '../output/records.ts'
import { byUrgency, statusCells, statusColumns, statusLine, statusTitles } from '../output/source-status.ts'
import { type RecordFlags, shapeOf } from '../record-options.ts'
import { inPages } from './in-pages.ts'
import { formatNext } from './write-run.ts'

export interface StatusFlags extends GlobalOptions, RecordFlags {}

/** So many commands are named; the table has the others. */
const stepsShown = 6

export async function status(
  context: Context,
  names: readonly string[],
  flags: StatusFlags,
): Promise<ExitStatus> {
  const { at, language, sources: all, failedJobs } = await statusOf(context, flags)
  const unknown = names.find((name) => all.every((source) => source.name !== name))
  if (unknown !== undefined)
    throw new UnknownSourceError(
      unknown,
      all.map(({ name }) => name),
    )
  const sources = byUrgency(names.length === 0 ? all : all.filter(({ name }) => names.includes(name)))
  const { out, err } = context
  const shape = shapeOf(flags)
  if (shape === 'json') await out.line(JSON.stringify({ at, sources, failedJobs }, undefined, 2))
  else if (shape === 'csv') await writeRecords(out, 'csv', statusTitles, sources.map(statusCells))
  else if (sources.length === 0) await err.line('There are no sources yet.')
  else {
    const labels = labellerOf(context, flags, { language })
    const lines = sources.map((source) => statusLine(source, labels))
    await inPages(context, shape, (pages) => writeRecords(pages, 'table', statusColumns(lines), lines))
    if (!out.gone) await sayWhatToDo(context, sources, names.length === 0 ? failedJobs : [])
  }
  return exitStatus.done
}

async function sayWhatToDo(
  { err }: Context,
  sources: readonly SourceStatus[],
  failedJobs: readonly FailedJob[],
): Promise<void> {
  const steps = [
    ...sources.flatMap(({ name, attention }) =>
      attention.map(({ command, says }) => [command, `${name}: ${says}`] as const),
    ),
    ...failedJobs.map(
      ({ job, execution, state, at }) =>
        [
          `sluice jobs show ${execution.slice(0, 8)}`,
          `The job ${printable(job)} ${state === 'failed' ? 'failed' : 'was interrupted'} at ${formatInstant(at)} UTC.`,
        ] as const,
    ),
  ]
  if (steps.length === 0) {
    await err.line('Nothing needs attention.')
    return
  }
  await err.line(formatNext(err, steps.slice(0, stepsShown)).join('\n'))
  const left = steps.length - stepsShown
  if (left > 0) await err.line(`  … and ${formatNumberOf(left, 'more', 'more')}: sluice status --json`)
}
