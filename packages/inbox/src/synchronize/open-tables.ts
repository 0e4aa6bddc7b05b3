/**
 * Sources whose rows stand in open tables: loads of them, and runs.
 *
 * @module
 */
import type { Engine, PlanResult } from '@sluice/engine'
import {
  type Configuration,
  type OnProgress,
  type RunBy,
  type RunReport,
  type RunTerms,
  SluiceError,
  type Source,
} from '@sluice/model'
import { type Database, requireNotSuspended } from '@sluice/repository'
import { inTurn } from '../load/in-turn.ts'
import {
  type LoadRequest,
  type LoadResult,
  loadInto,
  type PreparedLoad,
  prepareLoad,
} from '../load/load-rows.ts'
import { openSource } from '../load/open-source.ts'
import {
  countRows,
  originOfRun,
  type Runner,
  replaceHeld,
  requireMayRun,
  runOfTable,
} from './run-of-table.ts'

export interface TableOptions {
  /** Who makes a run happen. */
  readonly by: RunBy
  /** Who wants it; whoever has the repository at hand when absent, who may run everything. */
  readonly runner?: Runner | undefined
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  /** What is wanted of what the run computes. */
  readonly terms?: RunTerms | undefined
  readonly onProgress?: OnProgress | undefined
  /** Gives up the work in hand. */
  readonly signal?: AbortSignal | undefined
  /** Ends the waiting for other loads and runs of the source alone: what has begun goes on, though whoever asked is gone. */
  readonly waiting?: AbortSignal | undefined
}

export interface LoadOptions extends TableOptions {
  /** `false`: what was loaded waits for a later run. */
  readonly run?: boolean | undefined
}

/** What became of a load, and of the run behind it. */
export interface LoadOutcome {
  readonly load: LoadResult
  /** `null`: none was asked for, or it was refused. */
  readonly report: RunReport | null
  /** Why no run was made that was asked for; what was loaded stays. */
  readonly refusal: SluiceError | null
}

export interface LoadPlan {
  readonly load: LoadResult
  readonly plan: PlanResult
}

export interface OpenTables {
  /** Loads the rows of a CSV, and runs the source unless it is told not to. Waits for other loads and runs of the source. */
  load(source: string, request: LoadRequest, options: LoadOptions): Promise<LoadOutcome>
  /** Runs the source on what stands in its tables. */
  synchronize(source: string, options: TableOptions): Promise<RunReport>
  /** Computes a run held before anew, as what it was. */
  computeAgain(source: string, run: number): Promise<RunReport>
  /** What a run would do. */
  plan(source: string, options: TablePlanOptions): Promise<PlanResult>
  /** What a load and the run behind it would do; all of it is rolled back. */
  planLoad(source: string, request: LoadRequest, options: TablePlanOptions): Promise<LoadPlan>
}

export interface TablePlanOptions extends Omit<TableOptions, 'force' | 'terms'> {
  /** Changes shown of each operation of each entity type and association. */
  readonly sample: number
  /** The sum of what would change is wanted, too. */
  readonly summed?: boolean | undefined
}

export interface OpenTablesParts {
  readonly database: Database
  readonly configuration: Configuration
  readonly engine: Pick<Engine, 'run' | 'plan'>
  /** Notes the runs of the source as interrupted of which a process died. */
  readonly settleLeft: (source: string) => Promise<unknown>
}

export function openTables(parts: OpenTablesParts): OpenTables {
  const { database, configuration } = parts
  return {
    async load(name, request, options) {
      await using load = await prepareLoad(configuration, name, request)
      const outcome = await inTurn(database, name, waitingOf(options), async () => {
        const result = await database.transaction((session) => loadInto(session, configuration, load))
        return { load: result, ...(await runAfter(parts, load.source, options)) }
      })
      await database.checkpoint()
      return outcome
    },
    async synchronize(name, options) {
      const source = openSource(configuration, name)
      requireMayRun(source, options.runner)
      return await inTurn(database, name, waitingOf(options), () => runSource(parts, source, false, options))
    },
    async computeAgain(name, run) {
      const source = openSource(configuration, name)
      const { by, loaded } = await originOfRun(database, run)
      return await inTurn(database, name, undefined, () =>
        runSource(parts, source, loaded, { by, again: run }),
      )
    },
    async plan(name, options) {
      const source = openSource(configuration, name)
      requireMayRun(source, options.runner)
      return await planRun(parts, source, options)
    },
    async planLoad(name, request, options) {
      requireMayRun(openSource(configuration, name), options.runner)
      await using load = await prepareLoad(configuration, name, request)
      return await inTurn(database, name, waitingOf(options), () => planLoad(parts, load, options))
    },
  }
}

function waitingOf({ signal, waiting }: Pick<TableOptions, 'signal' | 'waiting'>): AbortSignal {
  return AbortSignal.any([signal, waiting].filter((one) => one !== undefined))
}

async function runAfter(
  parts: OpenTablesParts,
  source: Source,
  { run = true, ...options }: LoadOptions,
): Promise<Omit<LoadOutcome, 'load'>> {
  if (!run) return { report: null, refusal: null }
  try {
    requireMayRun(source, options.runner)
    await parts.database.session((session) => requireNotSuspended(session, source.name))
  } catch (error) {
    if (error instanceof SluiceError) return { report: null, refusal: error }
    throw error
  }
  return { report: await runSource(parts, source, true, options), refusal: null }
}

async function runSource(
  { database, engine, settleLeft }: OpenTablesParts,
  source: Source,
  loaded: boolean,
  { by, force, terms, again, onProgress, signal }: TableOptions & { readonly again?: number },
): Promise<RunReport> {
  await settleLeft(source.name)
  await database.session((session) => requireNotSuspended(session, source.name))
  await replaceHeld(database, source.name)
  const rows = await database.session((session) => countRows(session, source))
  const request = runOfTable({ source, by, loaded, rows, onProgress })
  const report = await engine.run({ ...request, forced: force, terms, again, signal })
  if (report === undefined) throw new Error(`Another process runs ${source.name}, whose lock is ours.`)
  return report
}

async function planRun(
  parts: OpenTablesParts,
  source: Source,
  options: TablePlanOptions,
): Promise<PlanResult> {
  const rows = await parts.database.session((session) => countRows(session, source))
  const { by, sample, summed, onProgress, signal } = options
  const request = runOfTable({ source, by, loaded: false, rows, onProgress })
  return await parts.engine.plan({ ...request, sample, summed, signal })
}

async function planLoad(
  { database, configuration, engine }: OpenTablesParts,
  load: PreparedLoad,
  { by, sample, onProgress, signal }: TablePlanOptions,
): Promise<LoadPlan> {
  const { source } = load
  const stored = await database.session((session) => countRows(session, source))
  const request = runOfTable({ source, by, loaded: true, rows: stored + load.rows.rows, onProgress })
  let loaded: LoadResult | undefined
  const plan = await engine.plan({
    ...request,
    sample,
    signal,
    produce: async (run, straight) => {
      loaded = await loadInto(run.session, configuration, load)
      return await request.produce(run, straight)
    },
  })
  if (loaded === undefined) throw new Error('A plan was made without its load.')
  return { load: loaded, plan }
}
