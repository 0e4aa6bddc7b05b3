/**
 * `sluice runs retry`: what a run rejected is tried again, here or through a server.
 *
 * @module
 */
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { statusOf } from './sync.ts'
import { writePlan, writeRun } from './write-run.ts'

export interface RetryFlags extends GlobalOptions {
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly comment?: string
  readonly json?: boolean
}

export async function retry(context: Context, id: number, flags: RetryFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const { comment, force } = flags
  if (flags.dryRun === true) {
    const plan = await project.planRetry(id, { comment })
    const { report, ...rest } = plan
    if (flags.json === true) await context.out.line(JSON.stringify({ ...report, ...rest }, undefined, 2))
    else {
      const called = await calledInProject(context, flags, project)
      await writePlan(context, plan, called, { command: `sluice runs retry ${id}` })
    }
    return report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  }
  const report = await project.retry(id, { comment, force })
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else await writeRun(context, report, project, flags)
  return statusOf(report)
}
