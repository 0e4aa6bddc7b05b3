/**
 * `sluice jobs`: which jobs there are, what became of them, and having one started or stopped; here or through a server.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { ExecutionRecord, Jobs, StartRecord } from '@sluice/project'
import { type Context, type GlobalOptions, jobsOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatExecution } from '../output/execution.ts'
import {
  jobCellColumns,
  jobCells,
  jobColumnsOf,
  jobLine,
  resultCellColumns,
  resultCells,
  resultColumns,
  resultLine,
} from '../output/job-list.ts'
import { writeRecords } from '../output/records.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { inPages } from './in-pages.ts'
import { carryOut, statusOfJob } from './run.ts'
import { showFound } from './show-found.ts'
import { StartRefusedError } from './start-refused-error.ts'
import { UnknownExecutionError } from './unknown-execution-error.ts'

export interface JobsFlags extends GlobalOptions, RecordFlags {
  readonly agent?: string
  readonly wait?: boolean
}

export async function list(context: Context, flags: JobsFlags): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  const { jobs: found, resultsUnknown } = await jobs.list()
  const { out, err } = context
  const shape = shapeOf(flags)
  if (shape === 'json') await out.line(JSON.stringify(found, undefined, 2))
  else if (shape === 'csv') await writeRecords(out, 'csv', jobCellColumns, found.map(jobCells))
  else if (found.length > 0) {
    const lines = found.map((job) => jobLine(job, resultsUnknown === undefined ? 'none yet' : 'not known'))
    await inPages(context, shape, (pages) => writeRecords(pages, 'table', jobColumnsOf(lines), lines))
  } else await err.line(jobs.start === undefined ? noneHere : noneThere)
  if (resultsUnknown !== undefined && !out.gone)
    await err.line(`How they ended last is not known: ${printable(resultsUnknown)}`)
  return exitStatus.done
}

const noneHere = 'The configuration has no jobs yet; add one under `jobs:`.'
const noneThere = 'No agent has announced a job to this server yet; `sluice agent` does.'

export async function results(
  context: Context,
  job: string | undefined,
  flags: JobsFlags,
): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  const limit = readLimit(flags) ?? Number.MAX_SAFE_INTEGER
  const found = await jobs.results({ job, limit })
  const shape = shapeOf(flags)
  const cells = { json: (one: ExecutionRecord) => ({ ...one }), csv: resultCells, table: resultLine }[shape]
  await showFound(context, flags, {
    records: each(found),
    columns: shape === 'csv' ? resultCellColumns : resultColumns,
    cells: async function* (records) {
      for await (const record of records) yield cells(record)
    },
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: job === undefined ? 'No job has been executed yet.' : `No execution of ${printable(job)} is kept.`,
  })
  return exitStatus.done
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

export async function show(context: Context, id: string, flags: JobsFlags): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  const found = await jobs.result(id)
  if (found === undefined) throw new UnknownExecutionError(id)
  await write(context, found, flags)
  return exitStatus.done
}

async function write({ out }: Context, execution: ExecutionRecord, flags: JobsFlags): Promise<void> {
  if (flags.json === true) await out.line(JSON.stringify(execution, undefined, 2))
  else await out.line(formatExecution(execution, out.colors, out.hint).join('\n'))
}

export async function start(context: Context, job: string, flags: JobsFlags): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  // Nobody else is there to begin it.
  if (jobs.start === undefined || jobs.decided === undefined) return await carryOut(context, job, flags)
  return await followed(context, jobs, await jobs.start(job, flags), flags)
}

/** Says that it is asked for; or waits for its end, where that is wanted. */
export async function followed(
  context: Context,
  jobs: Jobs,
  asked: StartRecord,
  flags: JobsFlags,
): Promise<ExitStatus> {
  const { out, signal } = context
  const { agent, by, job, source } = asked
  if (flags.wait !== true || jobs.decided === undefined) {
    if (flags.json === true) await out.line(JSON.stringify(asked, undefined, 2))
    else
      await out.line(
        `${printable(agent.host)} is asked to begin ${printable(source ?? job)}, for ${printable(by.name)}.`,
      )
    return exitStatus.done
  }
  const decided = await jobs.decided(asked.start, { signal })
  if (decided.execution === null) throw new StartRefusedError(decided)
  const ended = await jobs.ended(decided.execution, { signal })
  await write(context, ended, flags)
  return statusOf(ended)
}

function statusOf({ state }: ExecutionRecord): ExitStatus {
  return state === 'running' || state === 'interrupted' ? exitStatus.failed : statusOfJob(state)
}

export async function stop(context: Context, job: string, flags: JobsFlags): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  const { out, signal } = context
  const { execution, agent } = await jobs.stop(job, flags)
  if (execution !== null && flags.wait === true) {
    await write(context, await jobs.ended(execution, { signal }), flags)
    return exitStatus.done
  }
  if (flags.json === true) await out.line(JSON.stringify({ job, execution, agent }, undefined, 2))
  else if (execution === null) await out.line(`${printable(job)} had not begun, and does not.`)
  else
    await out.line(`${printable(agent.host)} is asked to stop ${printable(job)}: ${execution.slice(0, 8)}.`)
  return exitStatus.done
}
