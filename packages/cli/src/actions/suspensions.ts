/**
 * `sluice source suspend` and `resume`: no run of a source begins for a while, here or through a server.
 *
 * @module
 */
import { describeSuspension, printable } from '@sluice/model'
import { type Context, type GlobalOptions, sourcesOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import type { DefinitionFlags } from './definitions.ts'

export interface SuspendFlags extends GlobalOptions {
  readonly reason?: string
  /** An instant. */
  readonly until?: string
  readonly json?: boolean
}

export async function suspend(context: Context, source: string, flags: SuspendFlags): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  const { reason, until } = flags
  const suspension = await sources.suspend(source, { reason, until })
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify({ source, ...suspension }, undefined, 2))
  else {
    await out.line(`Source ${source} is suspended ${printable(describeSuspension(suspension))}`)
    await out.line('Its resources and locks stay as they are. New deliveries and loads wait.')
  }
  return exitStatus.done
}

export async function resume(context: Context, source: string, flags: DefinitionFlags): Promise<ExitStatus> {
  await using sources = await sourcesOf(context, flags)
  const resumed = await sources.resume(source)
  if (flags.json === true) await context.out.line(JSON.stringify({ source, resumed }))
  else
    await context.out.line(
      resumed ? `Source ${source} can run again.` : `Source ${source} was not suspended.`,
    )
  return exitStatus.done
}
