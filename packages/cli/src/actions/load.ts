/**
 * `sluice load`: rows of a CSV into an open table, and the run behind them.
 *
 * @module
 */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { asFileFailure } from '@sluice/files'
import type { OnProgress } from '@sluice/model'
import type { LoadRequest, LoadResult } from '@sluice/project'
import { type Context, type GlobalOptions, plannerOf, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { errorDocument, formatError } from '../output/error-message.ts'
import { formatLoad } from '../output/load-result.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { statusOf } from './sync.ts'
import { formatNext, writePlan, writeRun } from './write-run.ts'

export interface LoadFlags extends GlobalOptions {
  readonly type?: string
  readonly separator?: string
  readonly qualifier?: string
  readonly charset?: string
  readonly dateFormat?: string
  readonly continue?: boolean
  readonly run: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

export async function load(
  context: Context,
  source: string,
  file: string,
  flags: LoadFlags,
): Promise<ExitStatus> {
  const csv = await contentOf(context, file)
  const request = { ...requestOf(flags), csv, file: file === '-' ? 'standard input' : file }
  const progress = new ProgressLine(context.err)
  const onProgress: OnProgress = (step) => {
    if (flags.json !== true) progress.show(step)
  }
  const options = { onProgress, signal: context.signal }
  try {
    return flags.dryRun === true
      ? await planned(context, source, { file, request, options, flags, progress })
      : await loaded(context, source, { file, request, options, flags, progress })
  } finally {
    csv.destroy()
    progress.clear()
  }
}

interface Asked {
  /** As it was typed. */
  readonly file: string
  readonly request: LoadRequest
  readonly options: { readonly onProgress: OnProgress; readonly signal: AbortSignal }
  readonly flags: LoadFlags
  readonly progress: ProgressLine
}

async function planned(
  context: Context,
  source: string,
  { file, request, options, flags, progress }: Asked,
): Promise<ExitStatus> {
  await using planner = await plannerOf(context, flags)
  const { load, plan } = await planner.planLoad(source, request, options)
  progress.clear()
  const status = plan.report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  if (flags.json === true) {
    await context.out.line(JSON.stringify({ load, plan }, undefined, 2))
    return status
  }
  await writeLoad(context, load, 'would be ')
  const called = await calledInProject(context, flags, planner)
  await writePlan(context, plan, called, { command: commandOf(source, file, flags) })
  return status
}

/** The load itself, as it is typed. */
function commandOf(source: string, file: string, flags: LoadFlags): string {
  const { type, separator, qualifier, charset, dateFormat } = flags
  const options = Object.entries({ type, separator, qualifier, charset, 'date-format': dateFormat })
    .flatMap(([name, value]) => (value === undefined ? [] : [` --${name} ${typed(value)}`]))
    .join('')
  return `sluice load ${source} ${typed(file)}${options}${flags.continue === true ? ' --continue' : ''}`
}

/** In single quotes where a shell would make something else of it. */
function typed(word: string): string {
  return /^[\w./:@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

async function loaded(
  context: Context,
  source: string,
  { request, options, flags, progress }: Asked,
): Promise<ExitStatus> {
  await using project = await projectOf(context, flags)
  const { run, force } = flags
  const { load, report, refusal } = await project.load(source, request, { ...options, run, force })
  progress.clear()
  const status = refusal !== null ? exitStatus.failed : report === null ? exitStatus.done : statusOf(report)
  if (flags.json === true) {
    const refused = refusal === null ? {} : errorDocument(refusal)
    await context.out.line(JSON.stringify({ load, report, ...refused }, undefined, 2))
    return status
  }
  await writeLoad(context, load, '')
  if (report !== null) await writeRun(context, report, project, flags)
  if (refusal !== null)
    await context.err.line(formatError(refusal, context.err.colors, context.err.hint).join('\n'))
  const steps = [[`sluice synchronize ${source}`, 'apply what was loaded']] as const
  if (!run) await context.out.line(formatNext(context.out, steps).join('\n'))
  return status
}

async function writeLoad({ out }: Context, load: LoadResult, would: string): Promise<void> {
  await out.line(`${formatLoad(load, out.colors, would).join('\n')}\n`)
}

function requestOf({ type, separator, qualifier, charset, dateFormat, ...flags }: LoadFlags) {
  const mode = flags.continue === true ? ('continue' as const) : ('stop' as const)
  return { entityType: type, separator, qualifier, charset, dateFormat, mode }
}

/** Opened before anything else, so that a file that is not there is told at once. */
async function contentOf({ workingFolder, input }: Context, file: string): Promise<Readable> {
  if (file === '-') return Readable.from(input ?? [], { objectMode: false })
  const path = resolve(workingFolder, file)
  try {
    const content = createReadStream(path, { highWaterMark: 1 << 18 })
    await once(content, 'open')
    return content
  } catch (error) {
    throw asFileFailure(error, path)
  }
}
