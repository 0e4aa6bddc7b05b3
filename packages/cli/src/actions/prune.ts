/**
 * `sluice prune`: what goes, here or through a server, and in the work folder.
 *
 * @module
 */
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatPruned } from '../output/pruned.ts'

export interface PruneFlags extends GlobalOptions {
  readonly dryRun?: boolean
  readonly json?: boolean
}

export async function prune(context: Context, { dryRun, json, ...flags }: PruneFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const report = await project.prune({ dryRun, signal: context.signal })
  if (json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else await context.out.line(formatPruned(report, context.out.colors, context.out.width).join('\n'))
  return exitStatus.done
}
