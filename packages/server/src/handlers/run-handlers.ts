/**
 * Runs: what they did, and decisions about those that are held.
 *
 * @module
 */
import { RunNotHeldError } from '@sluice/inbox'
import type { RecordedRunState, RunReport } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type Caller, reaches } from '../access/caller.ts'
import { ownPartOf } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'
import { reachedRun } from './reached-run.ts'

export function runHandlers(context: ServerContext) {
  const { synchronizer, queueChanged, runDecided, metrics } = context
  const partOf = (caller: Caller) => ownPartOf(caller, context.configuration)
  return {
    runs: handler(routes.runs, async ({ query, caller }) => ({
      runs: (await reachedRuns(context, caller, query)).map(partOf(caller).report),
    })),

    run: handler(routes.run, async ({ params, caller }) =>
      partOf(caller).report(await reachedRun(context, caller, params.run)),
    ),

    approve: handler(routes.approve, async ({ params, query, caller, signal, log }) => {
      const before = await reachedRun(context, caller, params.run)
      log.info({ run: params.run, source: before.source, by: caller.name }, 'held run approved')
      const approval = await approve(context, params.run, {
        by: caller.name,
        reason: query.reason,
        waiting: signal,
      })
      metrics.ran(approval.report)
      runDecided.notify()
      queueChanged.notify()
      // A source is gone with it.
      if (approval.report.cause === 'removal') await context.reload()
      return approval
    }),

    reject: handler(routes.reject, async ({ params, body, caller, log }) => {
      const before = await reachedRun(context, caller, params.run)
      log.info({ run: params.run, source: before.source, by: caller.name }, 'held run rejected')
      const report = await synchronizer.reject(params.run, { by: caller.name, reason: body.reason })
      runDecided.notify()
      queueChanged.notify()
      return report
    }),
  }
}

interface AskedRuns {
  readonly source?: string | undefined
  readonly state?: RecordedRunState | readonly RecordedRunState[] | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

async function reachedRuns(
  { repository }: ServerContext,
  caller: Caller,
  { source, state, limit = 50, before }: AskedRuns,
): Promise<readonly RunReport[]> {
  const states = state === undefined ? undefined : [state].flat()
  const query = { states, before, limit }
  if (source !== undefined && !reaches(caller, source)) return []
  if (caller.role !== 'agent' || source !== undefined) return await repository.runs({ source, ...query })
  const runs: RunReport[] = []
  for (const name of caller.sources) runs.push(...(await repository.runs({ source: name, ...query })))
  return runs.sort((a, b) => (b.run ?? 0) - (a.run ?? 0)).slice(0, limit)
}

/**
 * Where the repository moved, the delivery waits again and is computed anew; then a worker, here or of another
 * server, may be quicker than the one who approved, whose answer is the same.
 */
async function approve(
  context: ServerContext,
  run: number,
  decision: {
    readonly by: string
    readonly reason: string | undefined
    readonly waiting: AbortSignal
  },
): Promise<Approval> {
  try {
    return await context.synchronizer.approve(run, decision)
  } catch (error) {
    const before = error instanceof RunNotHeldError ? undefined : await context.repository.run(run)
    const again =
      before?.state === 'cancelled' ? await runAfter(context, before, decision.waiting) : undefined
    if (again === undefined) throw error
    return { report: again, moved: true }
  }
}

interface Approval {
  readonly report: RunReport
  readonly moved: boolean
}

/** The next run of the same delivery, when it has ended; `undefined` when there will be none. */
async function runAfter(
  { synchronizer, repository, runDecided }: ServerContext,
  before: RunReport,
  gone: AbortSignal,
): Promise<RunReport | undefined> {
  while (!gone.aborted) {
    if (before.delivery === null) return undefined
    const status = await synchronizer.inbox.status(before.delivery)
    const run = status?.run ?? 0
    const again = run > (before.run ?? 0) ? await repository.run(run) : undefined
    if (again !== undefined && again.state !== 'running') return again
    if (again === undefined && status?.state !== 'ready') return undefined
    await runDecided.wait(500, gone)
  }
  return undefined
}
