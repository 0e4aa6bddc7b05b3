/**
 * `sluice sync`: one source after another, all stages.
 *
 * Sources are independent: one that fails or is held does not keep the others waiting. The exit
 * status is that of the worst. At a terminal each is shown before it is applied.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import type { Project } from '@sluice/project'
import { type Context, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { ConfirmedSync, declined } from './confirmed-sync.ts'
import { chosenSources, eachSource, type Outcome, type SourceFlags } from './each-source.ts'
import { plan } from './plan.ts'
import { writeRun } from './write-run.ts'

export interface SyncFlags extends SourceFlags {
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly hold?: boolean
  readonly yes?: boolean
}

export async function sync(
  context: Context,
  names: readonly string[],
  flags: SyncFlags,
): Promise<ExitStatus> {
  refuseContradiction(flags)
  if (flags.dryRun === true) return await plan(context, names, flags)
  await using project = await projectOf(context, flags)
  const sources = await chosenSources(project, names, flags)
  const confirmed = asks(context, flags) ? new ConfirmedSync(context, project, flags) : undefined
  const called = await calledInProject(context, flags, project)
  return await eachSource(context, sources, { ...flags, called }, async (source, options) => {
    const { force, hold } = flags
    const report = await (confirmed?.sync(source, options) ??
      project.sync(source, { ...options, force, hold }))
    options.clear()
    if (report !== declined) return await finished(context, project, report, flags)
    await context.err.line(declinedLine(project, source))
    return { status: exitStatus.failed, document: undefined }
  })
}

/** What was exported is not asked for again: some systems hand their changes out once. */
function declinedLine({ configuration }: Project, source: string): string {
  const exported = configuration.sources.get(source)?.export !== undefined
  const rest = exported ? ` The exported files were kept. To go on with them: sluice prepare ${source}` : ''
  return `Nothing of ${source} was applied.${rest}`
}

function refuseContradiction({ hold, force, dryRun }: SyncFlags): void {
  const other = force === true ? '--force' : '--dry-run'
  if (hold === true && (force === true || dryRun === true))
    throw new WrongUsageError(`--hold and ${other} cannot be combined.`, 'sluice sync SOURCE --hold')
}

/**
 * Somebody is there, sees what is asked about, and has not answered already: who forces goes past thresholds, and who holds
 * decides later.
 */
function asks({ ask, out }: Context, { yes, force, hold, json, quiet }: SyncFlags): boolean {
  const answered = [yes, force, hold, json, quiet].includes(true)
  return ask !== undefined && out.interactive && !answered
}

export async function finished(
  context: Context,
  project: Project,
  report: RunReport,
  flags: Omit<SourceFlags, 'mode' | 'folder'>,
): Promise<Outcome> {
  const status = statusOf(report)
  const silent = flags.json === true || (flags.quiet === true && status === exitStatus.done)
  if (!silent) await writeRun(context, report, project, flags)
  return { status, document: report }
}

/** A held run is neither done nor failed. */
export function statusOf(report: RunReport): ExitStatus {
  if (report.state === 'held') return exitStatus.held
  return report.state === 'applied' ? exitStatus.done : exitStatus.failed
}
