/**
 * Runs: what they did, and decisions about those that are held.
 *
 * @module
 */
import { RunNotHeldError } from '@sluice/inbox'
import type { RunReport } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { findPruned } from '@sluice/repository'
import { type Caller, reaches } from '../access/caller.ts'
import { ownPartOf } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function runHandlers(context: ServerContext) {
  const { synchronizer, repository, queueChanged, runDecided, metrics } = context
  const partOf = (caller: Caller) => ownPartOf(caller, context.configuration)
  return {
    runs: handler(routes.runs, async ({ query, caller }) => ({
      runs: (await reachedRuns(context, caller, query)).map(partOf(caller).report),
    })),

    run: handler(routes.run, async ({ params, caller }) =>
      partOf(caller).report(await reachedRun(context, caller, params.run)),
    ),

    changes: handler(routes.changes, async ({ params, query, caller }) => {
      await reachedRun(context, caller, params.run)
      const { change: isSeen } = partOf(caller)
      // What is left out does not count.
      if (caller.role !== 'agent') return synchronizer.changes(params.run, query, repository.database)
      const { limit, ...all } = query
      return first(seen(synchronizer.changes(params.run, all, repository.database), isSeen), limit)
    }),

    rejectedRows: handler(routes.rejectedRows, async ({ params, query, caller }) => {
      await reachedRun(context, caller, params.run)
      return first(seen(repository.rejectedRows(params.run), partOf(caller).rejected), query.limit)
    }),

    approve: handler(routes.approve, async ({ params, caller, signal, log }) => {
      const before = await reachedRun(context, caller, params.run)
      log.info({ run: params.run, source: before.source, by: caller.name }, 'held run approved')
      const approval = await approve(context, params.run, { by: caller.name, waiting: signal })
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

    retry: handler(routes.retry, async ({ params, query, caller, signal, log }) => {
      await reachedRun(context, caller, params.run)
      const { comment, dryRun, force } = query
      const { by } = caller
      if (dryRun === true) return await synchronizer.planRetry(params.run, { by, comment, waiting: signal })
      log.info({ run: params.run, by: caller.name }, 'rejected rows retried')
      const report = await synchronizer.retry(params.run, { by, comment, force, waiting: signal })
      metrics.ran(report)
      return { report, changes: [], rejected: [] }
    }),

    revert: handler(routes.revert, async ({ params, query, caller, signal, log }) => {
      await reachedOrPruned(context, caller, params.run)
      const { comment, dryRun, skipConflicts = false, suspend, force } = query
      const request = { revert: params.run, skipConflicts, suspend }
      const { by } = caller
      if (dryRun === true) return await synchronizer.planRevert(request, { by, comment, waiting: signal })
      log.info({ run: params.run, by: caller.name }, 'run taken back')
      const report = await synchronizer.revert(request, { by, comment, force, waiting: signal })
      metrics.ran(report)
      return { report, changes: [], conflicts: [] }
    }),
  }
}

async function reachedRun({ repository }: ServerContext, caller: Caller, run: number): Promise<RunReport> {
  const report = await repository.run(run)
  if (report === undefined || !reachesRun(caller, report)) throw new NothingThereError(`run ${run}`)
  return report
}

/** Of a run that was pruned, whoever takes runs back is told so. */
async function reachedOrPruned(context: ServerContext, caller: Caller, run: number): Promise<void> {
  const prunedBy = await findPruned(context.repository.database, run)
  if (prunedBy === undefined) await reachedRun(context, caller, run)
}

/** Runs that are about no source are seen by whoever sees all sources. */
function reachesRun(caller: Caller, { source }: RunReport): boolean {
  return source === null ? caller.role !== 'agent' : reaches(caller, source)
}

async function reachedRuns(
  { repository }: ServerContext,
  caller: Caller,
  { source, limit = 50 }: { readonly source?: string | undefined; readonly limit?: number | undefined },
): Promise<readonly RunReport[]> {
  if (source !== undefined && !reaches(caller, source)) return []
  if (caller.role !== 'agent' || source !== undefined) return await repository.runs({ source, limit })
  const runs: RunReport[] = []
  for (const name of caller.sources) runs.push(...(await repository.runs({ source: name, limit })))
  return runs.sort((a, b) => (b.run ?? 0) - (a.run ?? 0)).slice(0, limit)
}

/**
 * Where the repository moved, the delivery waits again and is computed anew; then a worker, here or of another
 * server, may be quicker than the one who approved, whose answer is the same.
 */
async function approve(
  context: ServerContext,
  run: number,
  decision: { readonly by: string; readonly waiting: AbortSignal },
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

async function* seen<T>(items: AsyncIterable<T>, isSeen: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (isSeen(item)) yield item
}

async function* first<T>(items: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let count = 0
  for await (const item of items) {
    if (count >= limit) return
    count += 1
    yield item
  }
}
