/**
 * `sluice plan`: what synchronizing sources would change; with `--out` it is kept, to be applied.
 *
 * @module
 */

import { resolve } from 'node:path'
import { printable } from '@sluice/model'
import { type SourcePlan, writePlanFile } from '@sluice/project'
import { type Context, plannerOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import type { Called } from '../output/called.ts'
import { changesOf } from '../output/run-report.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { chosenSources, eachSource, type Outcome, type SourceFlags } from './each-source.ts'
import { writePlan } from './write-run.ts'

export interface PlanFlags extends SourceFlags {
  readonly out?: string
  readonly detailedExitcode?: boolean
}

export async function plan(
  context: Context,
  names: readonly string[],
  flags: PlanFlags,
): Promise<ExitStatus> {
  await using planner = await plannerOf(context, flags)
  const sources = await chosenSources(planner, names, flags)
  if (flags.out !== undefined && sources.length !== 1)
    throw new WrongUsageError('--out needs the name of one source.', 'sluice plan SOURCE --out FILE')
  const status = await eachSource(context, sources, flags, async (source, { clear, ...options }) => {
    const found = await planner.plan(source, { ...options, saved: flags.out !== undefined })
    clear()
    if (flags.out !== undefined) await keep(context, found, flags.out)
    return await planned(context, found, await calledInProject(context, flags, planner), flags)
  })
  if (sources.length > 1 && flags.json !== true && flags.quiet !== true)
    await context.err.line(
      'Each source is planned separately, on the repository as it is now, without the changes of the other sources.',
    )
  return status
}

async function keep({ workingFolder }: Context, { saved }: SourcePlan, out: string): Promise<void> {
  if (saved === undefined) throw new Error('A plan that is to be kept has no sum.')
  await writePlanFile(resolve(workingFolder, out), saved)
}

async function planned(
  context: Context,
  found: SourcePlan,
  called: Called,
  flags: PlanFlags,
): Promise<Outcome> {
  const { report, changes, rejected } = found
  const status = statusOfPlan(found, flags)
  const attention = report.exceeded.length > 0 || changesOf(report) > 0
  if (flags.json !== true && (flags.quiet !== true || (status !== exitStatus.done && attention)))
    await writePlan(context, found, called, {
      ...flags,
      ...(flags.out === undefined ? {} : { command: `sluice apply ${printable(flags.out)}` }),
    })
  return { status, document: { ...report, changes, rejected } }
}

function statusOfPlan({ report }: SourcePlan, { detailedExitcode }: PlanFlags): ExitStatus {
  if (report.exceeded.length > 0) return exitStatus.held
  return detailedExitcode === true && changesOf(report) > 0 ? exitStatus.changes : exitStatus.done
}
