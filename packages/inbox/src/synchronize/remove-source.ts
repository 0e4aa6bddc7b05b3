/**
 * Takes a source away by a run: what becomes of its resources goes through guard and apply, and with the same transaction all that is
 * its own is over: its tables, rights to them, deliveries, held runs, orders.
 *
 * @module
 */
import {
  type Engine,
  keepFate,
  nothingToSettle,
  overtakeHeldRun,
  type PlanResult,
  produceRemoval,
  type RunOrigin,
  type RunRequest,
  readRemoval,
  type Settlement,
} from '@sluice/engine'
import {
  deliveryLife,
  type OnProgress,
  type ResourceFate,
  type RunBy,
  type RunReport,
  runLife,
} from '@sluice/model'
import {
  commas,
  type Database,
  removeSourceWithin,
  run,
  type Session,
  sql,
  statement,
} from '@sluice/repository'
import { inTurn } from '../load/in-turn.ts'
import { moveDelivery } from '../queue/change-delivery.ts'
import { deliveries, selection, stateIn } from '../queue/queued-delivery.ts'

interface RemovalOptions {
  readonly by: RunBy
  readonly fate: ResourceFate
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  readonly comment?: string | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

export interface SourceRemovals {
  /** The source is gone when the run is applied: now, or when somebody approves it. Waits for other runs of the source. */
  remove(source: string, options: RemovalOptions): Promise<RunReport>
  /** What that would do; everything it computes is rolled back. */
  plan(
    source: string,
    options: RemovalOptions & { readonly sample?: number | undefined },
  ): Promise<PlanResult>
  /** Computes a run held before anew; `undefined`: it takes no source away. */
  computeAgain(run: number): Promise<RunReport | undefined>
}

export interface RemovalParts {
  readonly database: Database
  readonly engine: Pick<Engine, 'run' | 'plan'>
  /** Notes the runs of the source as interrupted of which a process died. */
  readonly settleLeft: (source: string) => Promise<unknown>
}

export function sourceRemovals({ database, engine, settleLeft }: RemovalParts): SourceRemovals {
  const remove = (source: string, options: RemovalOptions, again?: number) =>
    inTurn(database, source, options.signal, async () => {
      await settleLeft(source)
      await database.transaction((session) => overtakeHeld(session, source, { removals: true }))
      const { force: forced, signal } = options
      const report = await engine.run({ ...removalOf(source, options), forced, again, signal })
      if (report === undefined) throw new Error(`Another process took source ${source} away.`)
      return report
    })
  return {
    remove: (source, options) => remove(source, options),
    plan: (source, { sample = 3, signal, ...options }) =>
      engine.plan({ ...removalOf(source, options), sample, signal }),
    async computeAgain(runId) {
      const removal = await database.session((session) => readRemoval(session, runId))
      return removal === undefined ? undefined : await remove(removal.source, removal, runId)
    },
  }
}

/** Rows of which nobody knows how many there are may be many. */
const many = 100_000

function removalOf(source: string, { by, fate, comment, onProgress }: RemovalOptions): RunRequest {
  const produce = produceRemoval({ source, fate, onProgress })
  return {
    origin: { cause: 'removal', by, delivery: null, source, mode: null, comment },
    produce: async (context, straight) => {
      await keepFate(context.session, context.runId, fate)
      return await produce(context, straight)
    },
    rows: many,
    onProgress,
  }
}

/** When the run is applied, the source is taken away in the same transaction. */
export function settleRemoval(
  { source }: Pick<RunOrigin, 'source'>,
  of: {
    readonly database: Pick<Database, 'schema' | 'tryExclusive'>
    /** Removes the files of a delivery that is over. */
    readonly discard: (delivery: string) => Promise<void>
  },
): Settlement {
  if (source === null) return nothingToSettle
  let over: readonly string[] = []
  return {
    ...nothingToSettle,
    settle: async (session, event) => {
      if (event !== 'passed' && event !== 'approved') return true
      const removal = await lastRemoval(session, source)
      if (removal === undefined) return false
      await overtakeHeld(session, source, { removals: false })
      over = await endDeliveries(session, source)
      const { runId, by, fate } = removal
      await removeSourceWithin(of.database, session, { source, runId, by, detail: fate })
      return true
    },
    settled: async () => {
      for (const delivery of over) await of.discard(delivery)
    },
  }
}

async function lastRemoval(session: Session, source: string) {
  const { rows } = await run(
    session,
    statement<{ run_id: string | null }>(
      'removals/last',
      sql`select max(run_id)::text as run_id from sluice_run where cause = 'removal'
      and source_id = (select source_id from sluice_source where name = ${sql.value(source)})`,
    ),
  )
  const id = rows[0]?.run_id ?? null
  if (id === null) return undefined
  const removal = await readRemoval(session, Number(id))
  return removal === undefined ? undefined : { ...removal, runId: Number(id) }
}

/** Runs of the source that wait for a decision: those that would take it away, or all others. */
async function overtakeHeld(
  session: Session,
  source: string,
  { removals }: { readonly removals: boolean },
): Promise<void> {
  const held = runLife.statesThatTake('approved').map((state) => sql.literal(state))
  const { rows } = await run(
    session,
    statement<{ run_id: string }>(
      'removals/held-runs',
      sql`select run_id from sluice_run where source_id = (select source_id from sluice_source where name = ${sql.value(source)})
      and (cause = 'removal') = ${sql.literal(removals)} and state in (${commas(held)}) order by run_id`,
    ),
  )
  const reason = removals ? 'Replaced by another deletion of the source.' : deleted
  for (const { run_id } of rows) await overtakeHeldRun(session, Number(run_id), { replacement: null, reason })
}

const deleted = 'The source was deleted.'

/** All that wait, whatever for; their ids. */
async function endDeliveries(session: Session, source: string): Promise<readonly string[]> {
  const open = await deliveries(
    session,
    statement(
      'removals/open-deliveries',
      sql`${selection} where source.name = ${sql.value(source)} and ${stateIn(sql`d`, deliveryLife.open)} order by d.position for update of d`,
    ),
  )
  for (const { id } of open) {
    for (const event of ['givenUp', 'overtaken', 'rejected'] as const)
      if (await moveDelivery(session, id, event, deleted)) break
  }
  return open.map(({ id }) => id)
}
