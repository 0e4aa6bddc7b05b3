/**
 * Removes what the repository keeps no longer: kind after kind, a batch at a time, beside the runs that go on meanwhile.
 *
 * @module
 */
import { type Keeping, type Pruned, type PruneReport, prunedKinds, type Retention } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { exists } from '../database/run-statement.ts'
import { type SQL, sql, statement } from '../sql/statement.ts'
import { countDoomed, type Doomed, deleteBatch, type Gone, nothingGone, sumOf } from './doomed.ts'
import { doomedAudit, doomedSessions } from './prune-access.ts'
import { doomedDeliveries } from './prune-deliveries.ts'
import { PruningElsewhereError } from './prune-errors.ts'
import { doomedExecutions } from './prune-executions.ts'
import { doomedFiles, doomedHistory, waitForKeptFiles } from './prune-history.ts'
import { doomedNotifications } from './prune-notifications.ts'
import { doomedRejectedRows, doomedRuns } from './prune-runs.ts'
import { prunedThrough } from './pruned-through.ts'
import { cutOfAll, stricter } from './run-cuts.ts'

export interface PruneOptions {
  /** Says what would go. */
  readonly dryRun?: boolean | undefined
  /** Milliseconds after which it ends, and says that there is more. */
  readonly within?: number | undefined
  /** Ends it behind the batch at work; what is gone is gone. */
  readonly signal?: AbortSignal | undefined
  /** Called after each batch. */
  readonly onGone?: ((kind: Pruned['kind'], gone: Gone) => void) | undefined
}

/** The lock of whoever prunes. */
const pruningLock = 'prune'

/** Throws `PruningElsewhereError` while another process does so, and what the signal was aborted with. */
export async function prune(
  database: Database,
  retention: Retention,
  options: PruneOptions = {},
): Promise<PruneReport> {
  if (options.dryRun === true) return await planPruning(database, retention)
  const done = await database.exclusively(pruningLock, () => pruneAll(database, retention, options))
  if (done === undefined) throw new PruningElsewhereError()
  return done.result
}

interface Step {
  readonly doomed: readonly Doomed[]
  readonly done?: ((session: Session) => Promise<void>) | undefined
}

/** Whatever is kept for how long, what is over is gone. */
const allKinds = [...prunedKinds, 'sessions'] as const
type Kind = (typeof allKinds)[number]

async function stepOf(session: Session, kind: Kind, retention: Retention, dryRun: boolean): Promise<Step> {
  if (kind === 'sessions') return { doomed: doomedSessions }
  const keeping = retention[kind]
  switch (kind) {
    case 'history':
      return { doomed: await doomedHistory(session, keeping, dryRun) }
    case 'runs':
      return await doomedRuns(session, keeping, await historyGone(session, retention.history, dryRun))
    case 'rejectedRows':
      // They are of a run, and go with it.
      return { doomed: await doomedRejectedRows(session, stricter(keeping, retention.runs)) }
    case 'deliveries':
      return { doomed: doomedDeliveries(keeping) }
    case 'executions':
      return { doomed: doomedExecutions(keeping) }
    case 'notifications':
      return { doomed: doomedNotifications(keeping) }
    case 'audit':
      return { doomed: doomedAudit(keeping) }
  }
}

/** SQL (bigint): nothing is kept of the history of this run and those before it; in a dry run, as it would be then. */
async function historyGone(session: Session, keeping: Keeping, dryRun: boolean): Promise<SQL> {
  const gone = prunedThrough('history')
  if (!dryRun) return gone
  return sql`greatest(${gone}, ${sql.value(await cutOfAll(session, keeping))}::bigint)`
}

async function planPruning(database: Database, retention: Retention): Promise<PruneReport> {
  const kinds: Pruned[] = []
  for (const kind of allKinds) {
    const gone = await database.session(async (session) => {
      const { doomed } = await stepOf(session, kind, retention, true)
      const counted: Gone[] = []
      for (const one of doomed) counted.push(await countDoomed(session, one))
      return sumOf(counted)
    })
    kinds.push({ kind, ...gone })
  }
  return { dryRun: true, done: true, kinds, paths: [] }
}

async function pruneAll(
  database: Database,
  retention: Retention,
  { within, signal, onGone }: PruneOptions,
): Promise<PruneReport> {
  const end = within === undefined ? Number.POSITIVE_INFINITY : performance.now() + within
  const isOver = () => {
    signal?.throwIfAborted()
    return performance.now() >= end
  }
  const sums = new Map<Kind, Gone>()
  let done = true
  for (const kind of allKinds) {
    const add = (gone: Gone) => {
      sums.set(kind, sumOf([sums.get(kind) ?? nothingGone, gone]))
      onGone?.(kind, gone)
    }
    if (!(done && (await pruneKind(database, kind, retention, { isOver, add })))) done = false
  }
  return {
    dryRun: false,
    done,
    kinds: allKinds.map((kind) => ({ kind, ...(sums.get(kind) ?? nothingGone) })),
    paths: [],
  }
}

interface Progress {
  readonly isOver: () => boolean
  readonly add: (gone: Gone) => void
}

/** `false`: the time was over before all of it was gone. */
async function pruneKind(
  database: Database,
  kind: Kind,
  retention: Retention,
  { isOver, add }: Progress,
): Promise<boolean> {
  const step = await database.session((session) => stepOf(session, kind, retention, false))
  let removed = 0
  for (const doomed of step.doomed) {
    for (;;) {
      if (isOver()) return false
      const gone = await database.session((session) => deleteBatch(session, doomed))
      if (gone.removed === 0) break
      removed += gone.removed
      add(gone)
    }
  }
  if (kind === 'history' && removed > 0) add(await pruneFiles(database))
  await database.session(async (session) => await step.done?.(session))
  return true
}

async function pruneFiles(database: Database): Promise<Gone> {
  const some = statement('prune/keeps-files', sql`select from sluice_kept_file limit 1`)
  if (!(await database.session((session) => exists(session, some)))) return nothingGone
  return await database.transaction(async (session) => {
    await waitForKeptFiles(session)
    return await deleteBatch(session, doomedFiles)
  })
}
