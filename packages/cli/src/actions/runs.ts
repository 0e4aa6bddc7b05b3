/**
 * `sluice runs`: what ran, what it changed and left out, and the decision about what is held.
 *
 * @module
 */
import type { RunReport, RunState } from '@sluice/model'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInRepository } from '../language.ts'
import { describeBy } from '../output/describe-by.ts'
import { labelledReport } from '../output/labelled-report.ts'
import { formatDuration, formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import { changesOf, formatRunReport } from '../output/run-report.ts'
import { shapeOf } from '../record-options.ts'
import { inPages } from './in-pages.ts'
import { newest } from './newest.ts'
import { type RunsFlags, readRun } from './runs-flags.ts'
import { statusOf } from './sync.ts'
import { formatNext, writeFailure, writeRejected, writeRun } from './write-run.ts'

const listColumns: readonly RecordColumn[] = [
  { name: 'run', title: 'run', align: 'right' },
  { name: 'source', title: 'source' },
  { name: 'mode', title: 'mode' },
  { name: 'state', title: 'state' },
  { name: 'by', title: 'by' },
  { name: 'started', title: 'started (UTC)' },
  { name: 'took', title: 'took', align: 'right' },
  { name: 'changes', title: 'changes', align: 'right' },
]

/** Of those that failed; where none did, there is nothing to show. */
const whyColumn: RecordColumn = { name: 'why', title: 'why' }

const usualLimit = 20

export async function list(context: Context, flags: RunsFlags, global: GlobalOptions): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, global)
  const { limit = usualLimit } = flags
  const shape = shapeOf(flags)
  const { shown, left } = await newest(limit, (most) =>
    repository.runs({ source: flags.source, limit: most }),
  )
  if (shape === 'json') await context.out.line(JSON.stringify(shown, undefined, 2))
  else if (shape === 'csv') await writeRecords(context.out, 'csv', fileColumns, shown.map(fileLine))
  else if (shown.length === 0)
    await context.err.line(context.err.hint('There are no runs yet. `sluice sync` starts one.'))
  else await writeTable(context, shown)
  if (left) await context.err.line('… there are more: sluice runs --limit all')
  return exitStatus.done
}

async function writeTable(context: Context, reports: readonly RunReport[]): Promise<void> {
  const columns = reports.some(({ error }) => error !== null) ? [...listColumns, whyColumn] : listColumns
  await inPages(context, 'table', (pages) => writeRecords(pages, 'table', columns, reports.map(listLine)))
  const held = reports.find(({ state }) => state === 'held')
  if (held?.run)
    await context.err.line(
      formatNext(context.err, [[`sluice runs show ${held.run}`, 'it is held']]).join('\n'),
    )
}

function listLine(report: RunReport): Cells {
  const took = report.stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const started = formatInstant(report.startedAt)
  return {
    ...report,
    mode: report.mode ?? report.cause,
    by: describeBy(report.by),
    started,
    took: took > 0 ? formatDuration(took) : '',
    changes: changesOf(report),
    why: report.error?.code,
  }
}

const fileColumns: readonly RecordColumn[] = [
  'run',
  'source',
  'cause',
  'mode',
  'state',
  'by',
  'delivery',
  'startedAt',
  'finishedAt',
  'changes',
  'error',
  'message',
].map((name) => ({ name, title: name }))

function fileLine(report: RunReport): Cells {
  const { error, by, ...others } = report
  return {
    ...others,
    by: by.name,
    changes: changesOf(report),
    error: error?.code,
    message: error?.message,
  }
}

export async function show(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  if ((await showReport(context, id, flags)) === 'held' && flags.json !== true) {
    // Only the engine can read the changes of a held run.
    await using project = await anyProjectOf(context, flags)
    await writeRun(context, await readRun(project.repository, id), project, flags)
  }
  return exitStatus.done
}

/** Writes the report unless the run is held, and says what state it is in. */
async function showReport(context: Context, id: number, flags: RunsFlags): Promise<RunState> {
  await using repository = await repositoryOf(context, flags)
  const report = await readRun(repository, id)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(report, undefined, 2))
  else if (report.state !== 'held') {
    const called = await calledInRepository(context, flags, repository)
    await out.line(formatRunReport(labelledReport(report, called), out.colors, out.width).join('\n'))
    if (report.error !== null) await writeFailure(out, report.error)
    await writeRejected(out, report, repository, called)
  }
  return report.state
}

export async function approve(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  await readRun(project.repository, id)
  const { report, moved } = await project.approve(id, {
    by: flags.by ?? context.user,
    reason: flags.reason,
    signal: context.signal,
  })
  if (flags.json === true) await context.out.line(JSON.stringify({ ...report, moved }, undefined, 2))
  else {
    if (moved)
      await context.err.line(
        'The repository or its model had changed since the run was held, so its changes were computed again.',
      )
    await writeRun(context, report, project, flags)
  }
  return statusOf(report)
}

export async function reject(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  await readRun(project.repository, id)
  const report = await project.reject(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else
    await context.out.line(
      `Run ${id} of ${report.source ?? report.cause} is rejected; nothing of it was applied.`,
    )
  return exitStatus.done
}
