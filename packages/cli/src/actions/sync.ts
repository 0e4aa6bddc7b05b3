/**
 * `sluice sync` and `sluice plan`: one source after another, all stages, or what they would do.
 *
 * Sources are independent: one that fails or is held does not keep the others waiting. The exit
 * status is that of the worst.
 *
 * @module
 */
import { resolve } from 'node:path'
import type { Mode, OnProgress, RunReport } from '@sluice/model'
import { type Plan, type Planner, type Project, SourceHeldError, UnknownSourceError } from '@sluice/project'
import { type Context, type GlobalOptions, plannerOf, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import { errorDocument, formatError } from '../output/error-message.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { writePlan, writeRun } from './write-run.ts'

export interface SyncFlags extends GlobalOptions {
  readonly mode?: Mode
  readonly force?: boolean
  readonly folder?: string
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export async function sync(
  context: Context,
  names: readonly string[],
  flags: SyncFlags,
): Promise<ExitStatus> {
  await using project =
    flags.dryRun === true ? await plannerOf(context, flags) : await projectOf(context, flags)
  const known = [...project.configuration.sources.keys()]
  const sources = names.length > 0 ? [...new Set(names)] : known
  for (const name of sources) if (!(await project.knows(name))) throw new UnknownSourceError(name, known)
  if (flags.folder !== undefined && sources.length !== 1) {
    throw new WrongUsageError('--folder needs the name of one source.', 'sluice sync SOURCE --folder FOLDER')
  }
  const outcomes: Outcome[] = []
  for (const source of sources) {
    context.signal.throwIfAborted()
    if (outcomes.length > 0 && flags.json !== true && flags.quiet !== true) await context.out.line()
    outcomes.push(await synchronizeOne(context, project, source, flags))
  }
  if (flags.json === true) {
    const documents = outcomes.map(({ document }) => document)
    await context.out.line(JSON.stringify(documents.length === 1 ? documents[0] : documents, undefined, 2))
  } else if (sources.length === 0) {
    await context.err.line('The configuration has no sources yet; add one under `sources:`.')
  }
  return worst(outcomes.map(({ status }) => status))
}

interface Outcome {
  readonly status: ExitStatus
  /** What `--json` prints for this source. */
  readonly document: unknown
}

async function synchronizeOne(
  context: Context,
  project: Planner | Project,
  source: string,
  flags: SyncFlags,
): Promise<Outcome> {
  const silent = flags.json === true || flags.quiet === true
  const progress = new ProgressLine(context.err)
  const onProgress: OnProgress = (step) => {
    if (!silent) progress.show(step)
  }
  const options = {
    mode: flags.mode,
    force: flags.force,
    folder: flags.folder === undefined ? undefined : resolve(context.workingFolder, flags.folder),
    onProgress,
    signal: context.signal,
  }
  try {
    if (flags.dryRun === true || !('sync' in project)) {
      const plan = await project.plan(source, options)
      progress.clear()
      return await planned(context, plan, flags)
    }
    const report = await project.sync(source, options)
    progress.clear()
    return await finished(context, project, report, flags)
  } catch (error) {
    progress.clear()
    if (context.signal.aborted) throw error
    if (flags.json !== true)
      await context.err.line(formatError(error, context.err.colors, context.err.hint).join('\n'))
    const status = error instanceof SourceHeldError ? exitStatus.held : exitStatus.failed
    return { status, document: { source, ...errorDocument(error) } }
  }
}

async function planned(context: Context, plan: Plan, flags: SyncFlags): Promise<Outcome> {
  const status = plan.report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  if (flags.json !== true && (flags.quiet !== true || status !== exitStatus.done))
    await writePlan(context, plan, flags)
  return { status, document: { ...plan.report, changes: plan.changes, rejected: plan.rejected } }
}

async function finished(
  context: Context,
  project: Project,
  report: RunReport,
  flags: SyncFlags,
): Promise<Outcome> {
  const status = statusOf(report)
  const silent = flags.json === true || (flags.quiet === true && status === exitStatus.done)
  if (!silent) await writeRun(context, report, project)
  return { status, document: report }
}

/** A held run is neither done nor failed. */
export function statusOf(report: RunReport): ExitStatus {
  if (report.state === 'held') return exitStatus.held
  return report.state === 'applied' ? exitStatus.done : exitStatus.failed
}
