/**
 * `sluice runs revert`: a run is taken back, here or through a server.
 *
 * @module
 */
import { describeConflict, type RunReport } from '@sluice/model'
import type { PlannedRevert, Project } from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions, sourcesOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import type { Called } from '../output/called.ts'
import { describeChange } from '../output/change-list.ts'
import { labelledChange, labelledReport } from '../output/labelled-report.ts'
import { formatCount } from '../output/quantities.ts'
import { formatRunReport } from '../output/run-report.ts'
import { statusOf } from './sync.ts'
import { formatNext, writeRun } from './write-run.ts'

export interface RevertFlags extends GlobalOptions {
  readonly dryRun?: boolean
  readonly skipConflicts?: boolean
  readonly suspend?: boolean
  readonly force?: boolean
  readonly comment?: string
  readonly json?: boolean
}

export async function revert(context: Context, id: number, flags: RevertFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const { comment, skipConflicts, suspend, force } = flags
  const options = { comment, skipConflicts, suspend, force }
  if (flags.dryRun === true) {
    const plan = await project.planRevert(id, options)
    return await planned(context, id, { plan, called: await calledInProject(context, flags, project) }, flags)
  }
  const report = await project.revert(id, options)
  const status = await finished(context, project, report, flags)
  if (flags.json !== true) await offerSuspension(context, report, flags)
  return status
}

interface CalledPlan {
  readonly plan: PlannedRevert
  readonly called: Called
}

async function planned(
  context: Context,
  id: number,
  { plan, called }: CalledPlan,
  flags: RevertFlags,
): Promise<ExitStatus> {
  const { report, changes, conflicts } = plan
  if (flags.json === true)
    await context.out.line(JSON.stringify({ ...report, changes, conflicts }, undefined, 2))
  else await writePlan(context, id, plan, called)
  if (conflicts.length > 0 && flags.skipConflicts !== true) return exitStatus.failed
  return report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
}

async function writePlan(
  { out }: Context,
  id: number,
  { report, changes, conflicts }: PlannedRevert,
  called: Called,
): Promise<void> {
  await out.line(formatRunReport(labelledReport(report, called), out.colors, out.width).join('\n'))
  for (const change of changes)
    await out.line(describeChange(labelledChange(change, called), out.colors, out.width))
  if (conflicts.length > 0) {
    await out.line(`\n${out.colors.bold('Changed since that run, and would not be taken back:')}`)
    for (const conflict of conflicts)
      await out.line(`  ${out.colors.yellow('!')} ${describeConflict(conflict)}`)
    const more = (report.reverted?.skipped ?? 0) - conflicts.length
    if (more > 0) await out.line(`  … and ${formatCount(more)} more`)
  }
  const command = `sluice runs revert ${id}${conflicts.length > 0 ? ' --skip-conflicts' : ''}`
  const again = sourcesOfAgain(report)
  await out.line(
    formatNext(out, [
      [command, 'does it'],
      ...(again.length === 0
        ? []
        : [
            [
              `${command} --suspend`,
              `does it, and suspends ${listed(again)} until somebody resumes it`,
            ] as const,
          ]),
    ]).join('\n'),
  )
}

async function finished(
  context: Context,
  project: Project,
  report: RunReport,
  flags: RevertFlags,
): Promise<ExitStatus> {
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else await writeRun(context, report, project, flags)
  return statusOf(report)
}

function sourcesOfAgain({ reverted }: RunReport): readonly string[] {
  if (reverted === undefined || reverted.suspended === true) return []
  return reverted.comesAgain.map(({ source }) => source)
}

/** What their next runs would bring again is told already. */
async function offerSuspension(context: Context, report: RunReport, flags: RevertFlags): Promise<void> {
  const { ask, out } = context
  const again = sourcesOfAgain(report)
  if (ask === undefined || again.length === 0) return
  const answer = await ask(
    `Suspend ${listed(again)}, so that its next run does not make these changes again: yes or no? `,
  )
  if (!/^\s*y(?:es)?\s*$/i.test(answer)) return
  await using sources = await sourcesOf(context, flags)
  const reason = flags.comment ?? `run ${report.reverts} was taken back`
  for (const source of again) {
    await sources.suspend(source, { reason })
    await out.line(`Source ${source} is suspended: sluice source resume ${source} lets it run again.`)
  }
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
