/**
 * `sluice replica`: what people want done with single rows of a source.
 *
 * @module
 */
import type { ReplicaAction, ReplicaStatus } from '@sluice/model'
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatCount } from '../output/quantities.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { writeRun } from './write-run.ts'

export interface ReplicaFlags extends GlobalOptions {
  readonly status?: readonly ReplicaStatus[]
  readonly errors?: boolean
  readonly notSeenSince?: string
  readonly all?: boolean
  readonly reason?: string
  readonly json?: boolean
}

interface Wanted {
  readonly source: string
  readonly type: string
  readonly keys: readonly string[]
  readonly action: ReplicaAction
}

export async function act(
  context: Context,
  { source, type, keys, action }: Wanted,
  { status, errors, notSeenSince, all, reason, json, ...flags }: ReplicaFlags,
): Promise<ExitStatus> {
  const isFiltered = status !== undefined || errors === true || notSeenSince !== undefined
  const chosen = [keys.length > 0, isFiltered, all === true]
  if (chosen.filter((one) => one).length !== 1)
    throw new WrongUsageError(
      'Name rows by their keys, or by --status, --errors or --not-seen-since, or take --all.',
      'sluice replica --help',
    )
  await using project = await anyProjectOf(context, flags)
  const of = { source, entityType: type, action, status, errors, notSeenSince, reason }
  const { rows, report } = await project.actOnReplicas(keys.length > 0 ? { ...of, keys } : of)
  if (json === true) await context.out.line(JSON.stringify({ rows, ...report }, undefined, 2))
  else {
    await context.out.line(`${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} of ${source}.`)
    await writeRun(context, report, project, flags)
  }
  return exitStatus.done
}
