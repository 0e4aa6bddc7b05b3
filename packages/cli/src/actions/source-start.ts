/**
 * `sluice source start` and `stop`: one source, synchronized by the agent that delivers it; without a server, here.
 *
 * @module
 */
import { type Mode, sourceJobName } from '@sluice/model'
import { type Context, jobsOf } from '../context.ts'
import type { ExitStatus } from '../exit-status.ts'
import { followed, type JobsFlags, stop } from './jobs.ts'
import { sync } from './sync.ts'

export interface StartSourceFlags extends JobsFlags {
  readonly mode?: Mode
  readonly hold?: boolean
}

export async function startSource(
  context: Context,
  source: string,
  flags: StartSourceFlags,
): Promise<ExitStatus> {
  await using jobs = await jobsOf(context, flags)
  // Nobody else is there to begin it.
  if (jobs.startSource === undefined) return await sync(context, [source], flags)
  return await followed(context, jobs, await jobs.startSource(source, flags), flags)
}

export async function stopSource(context: Context, source: string, flags: JobsFlags): Promise<ExitStatus> {
  return await stop(context, sourceJobName(source), flags)
}
