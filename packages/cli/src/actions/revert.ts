/**
 * `sluice runs revert`: a run is taken back, here or through a server.
 *
 * @module
 */
import { describeConflict } from '@sluice/model'
import type { PlannedRevert, Project } from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeChange } from '../output/change-list.ts'
import { formatCount } from '../output/quantities.ts'
import { formatRunReport } from '../output/run-report.ts'
import { statusOf } from './sync.ts'
import { formatNext, writeRun } from './write-run.ts'

export interface RevertFlags extends GlobalOptions {
  readonly dryRun?: boolean
  readonly skipConflicts?: boolean
  readonly force?: boolean
  readonly comment?: string
  readonly json?: boolean
}

export async function revert(context: Context, id: number, flags: RevertFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const { comment, skipConflicts, force } = flags
  const options = { comment, skipConflicts, force }
  if (flags.dryRun === true) return await planned(context, id, await project.planRevert(id, options), flags)
  return await finished(context, project, await project.revert(id, options), flags)
}

async function planned(
  context: Context,
  id: number,
  plan: PlannedRevert,
  flags: RevertFlags,
): Promise<ExitStatus> {
  const { report, changes, conflicts } = plan
  if (flags.json === true)
    await context.out.line(JSON.stringify({ ...report, changes, conflicts }, undefined, 2))
  else await writePlan(context, id, plan)
  if (conflicts.length > 0 && flags.skipConflicts !== true) return exitStatus.failed
  return report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
}

async function writePlan(
  { out }: Context,
  id: number,
  { report, changes, conflicts }: PlannedRevert,
): Promise<void> {
  await out.line(formatRunReport(report, out.colors, out.width).join('\n'))
  for (const change of changes) await out.line(describeChange(change, out.colors, out.width))
  if (conflicts.length > 0) {
    await out.line(`\n${out.colors.bold('Has changed since, and would stay as it is:')}`)
    for (const conflict of conflicts)
      await out.line(`  ${out.colors.yellow('!')} ${describeConflict(conflict)}`)
    const more = (report.reverted?.skipped ?? 0) - conflicts.length
    if (more > 0) await out.line(`  … and ${formatCount(more)} more`)
  }
  const option = conflicts.length > 0 ? ' --skip-conflicts' : ''
  await out.line(formatNext(out, [[`sluice runs revert ${id}${option}`, 'does it']]).join('\n'))
}

async function finished(
  context: Context,
  project: Project,
  report: Awaited<ReturnType<Project['revert']>>,
  flags: RevertFlags,
): Promise<ExitStatus> {
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else await writeRun(context, report, project)
  return statusOf(report)
}
