/**
 * The engine: carries out runs. What a run comes from, a delivery or anything else, is its client's affair.
 *
 * @module
 */
import {
  type Change,
  type ChangedProperty,
  type ChangesOptions,
  type ChangesPage,
  type ChangesPageOptions,
  type Configuration,
  type EditedResource,
  type EditRequest,
  type EvaluateRequest,
  type OnProgress,
  type RecordedRunState,
  type RevertConflict,
  type RevertRequest,
  type RunBy,
  type RunReport,
  runLife,
  type Source,
  type TestedRow,
} from '@sluice/model'
import {
  type Repository,
  requireNotSuspended,
  run,
  type Session,
  type Statement,
  sql,
  statement,
  watchModel,
} from '@sluice/repository'
import { requireNames } from './changes/change-filter.ts'
import { type ChangeSet, changeSetSchema } from './changes/change-set.ts'
import { countAppliedProperties, countHeldProperties } from './changes/count-changed-properties.ts'
import { hasBlocks } from './changes/history-blocks.ts'
import { appliedChanges, sampleApplied } from './changes/read-applied-changes.ts'
import { readChangePage } from './changes/read-change-page.ts'
import { allChanges, sampleChanges } from './changes/read-changes.ts'
import { plainlyEdited } from './edit/plain-edit.ts'
import { produceEdit } from './edit/produce-edit.ts'
import type { Evaluation } from './graph/evaluation.ts'
import { countGivenRoots } from './graph/given-roots.ts'
import { NoGraphError } from './graph/root-errors.ts'
import { readSourceId } from './graph/source-id.ts'
import { isMerge } from './merge/find-merges.ts'
import { produceMerge } from './merge/produce-merge.ts'
import { NothingToRetryError } from './produce/nothing-to-retry-error.ts'
import { agedOf } from './produce/produce-ageing.ts'
import { produceFromRejected } from './produce/produce-from-rejected.ts'
import { produceFromRoots } from './produce/produce-from-roots.ts'
import { tryMappingRows } from './produce/try-mapping-rows.ts'
import type { Aged } from './replicas/count-aged.ts'
import { produceRevert } from './revert/produce-revert.ts'
import { type Approved, approveHeldRun, type Decision, rejectHeldRun } from './runs/decide-held-run.ts'
import { EditQueue } from './runs/edit-queue.ts'
import { readEditRun } from './runs/edit-run.ts'
import type { Edited } from './runs/edited.ts'
import type { EngineContext, Sessions } from './runs/engine-context.ts'
import { executeEdit } from './runs/execute-edit.ts'
import { executeEdits } from './runs/execute-edits.ts'
import { executeRun, openRun, type RunRequest } from './runs/execute-run.ts'
import { HeldModelChangedError, modelChangedSince, RunNotHeldError } from './runs/held-run.ts'
import { type PlanRequest, type PlanResult, planRun } from './runs/plan-run.ts'
import { nobodyListens, type OnRunClosed } from './runs/run-closed.ts'
import { nothingToSettle } from './runs/run-origin.ts'
import { type TestRowsRequest, testRows } from './runs/test-rows.ts'
import { type WithoutRuns, withoutRuns } from './without-runs.ts'

export interface EngineOptions {
  readonly repository: Pick<Repository, 'database'>
  readonly configuration: Pick<Configuration, 'model' | 'sources'>
  /** How what a run comes from is kept in step with the run. */
  readonly settlementOf?: EngineContext['settlementOf'] | undefined
  /** Called in the transaction that closes a run. */
  readonly onClosed?: OnRunClosed | undefined
  /** Processes of the database that may help a run with one statement; as many as it allows when absent. */
  readonly parallelWorkers?: number | undefined
  /** Evaluates the roots of a source that is a graph, outside of a delivery. */
  readonly evaluationOf?: EvaluationOf | undefined
}

/** `undefined`: the source is no graph. */
export type EvaluationOf = (
  source: Source,
  onProgress: OnProgress | undefined,
) => Promise<Evaluation | undefined>

export interface EditOptions {
  readonly by: RunBy
  readonly comment?: string | undefined
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  /** Ends it while it waits for other runs alone. */
  readonly waiting?: AbortSignal | undefined
}

export type RetryOptions = EditOptions & { readonly onProgress?: OnProgress | undefined }

export interface PlannedEdit extends PlanResult {
  readonly resources: readonly EditedResource[]
}

export interface PlannedRevert extends PlanResult {
  /** The first hundred of what has changed since and would stay as it is. */
  readonly conflicts: readonly RevertConflict[]
}

export interface Engine extends WithoutRuns {
  /** Carries a run out; `undefined` when what it came from was not its to work on any more. */
  run(request: RunRequest): Promise<RunReport | undefined>
  /** What a run would do; everything it computes is rolled back. */
  plan(request: PlanRequest): Promise<PlanResult>
  /** How many rows of a source a run that ages it would have to look at. */
  aged(source: string): Promise<Aged>
  /** Changes what people ask for, all of it or nothing; throws where it is not theirs to change. */
  edit(request: EditRequest, options: EditOptions): Promise<Edited>
  /** What an edit would do. */
  planEdit(request: EditRequest, options: EditOptions & { readonly sample: number }): Promise<PlannedEdit>
  /** Takes a run back; throws `RevertConflictsError` where something has changed since, unless that is to stay as it is. */
  revert(request: RevertRequest, options: EditOptions): Promise<RunReport>
  /** What that would do, leaving what has changed since. */
  planRevert(
    request: RevertRequest,
    options: EditOptions & { readonly sample: number },
  ): Promise<PlannedRevert>
  /** Tries the rows again that a run has rejected for their values; throws `NothingToRetryError` where none can be. */
  retry(run: number, options: RetryOptions): Promise<RunReport>
  /** What that would do. */
  planRetry(run: number, options: RetryOptions & { readonly sample: number }): Promise<PlanResult>
  /**
   * Evaluates roots of a graph source anew on the graph that is stored, without a delivery; `undefined`: there are none of those that are
   * wanted, and nothing is written. Throws `UnknownRootError` where one that is named is none.
   */
  evaluate(request: EvaluateRequest, options: RetryOptions): Promise<RunReport | undefined>
  /** What that would do. */
  planEvaluate(
    request: EvaluateRequest,
    options: RetryOptions & { readonly sample: number },
  ): Promise<PlanResult | undefined>
  /** Computes an edit again, or a run that takes another back, that was held, when the repository moved under it. */
  editAgain(run: number): Promise<RunReport>
  /** The changes of a held or applied run, read through other connections than those of the runs where `through` is given. */
  changes(run: number, options?: ChangesOptions, through?: Sessions): AsyncIterable<Change>
  /** One page of them, behind the one before. */
  changesPage(run: number, options: ChangesPageOptions, through?: Sessions): Promise<ChangesPage>
  /** How many of its updates change which property. */
  changedProperties(run: number, through?: Sessions): Promise<readonly ChangedProperty[]>
  /** Applies a held change set as it stands; where the repository moved, it has to be computed again. */
  approve(run: number, decision: Decision): Promise<Approved>
  reject(run: number, decision: Decision): Promise<RunReport>
  /** What rows of a source would find, by which rule, on which values, and why not by the others; nothing is written. */
  testRows(request: TestRowsRequest): Promise<readonly TestedRow[]>
}

export function openEngine(options: EngineOptions): Engine {
  const { repository, configuration, settlementOf, onClosed } = options
  const evaluationOf = options.evaluationOf ?? (async () => undefined)
  const context = {
    database: repository.database,
    configuration,
    modelWatch: watchModel(configuration),
    settlementOf: settlementOf ?? (() => nothingToSettle),
    onClosed: onClosed ?? nobodyListens,
    parallelWorkers: options.parallelWorkers,
  }
  const edits = new EditQueue((requests) => executeEdits(context, requests))
  return {
    run: (request) => executeRun(context, request),
    plan: (request) => planRun(context, request),
    aged: (source) =>
      context.database.transaction(async (session) =>
        agedOf(await openRun(context, session, { runId: 0, rows: 0, signal: undefined }), source),
      ),
    edit: (request, options) => edit(context, edits, request, options),
    planEdit: async (request, { sample, ...options }) => {
      const { run: asked, resources } = runOfEdit(request, options)
      return { ...(await planRun(context, { ...asked, sample })), resources: resources() }
    },
    editAgain: async (runId) => {
      const { request, ...options } = await context.database.session((session) => readEditRun(session, runId))
      const runAgain = async () => {
        if ('revert' in request) return runOfRevert(request, options).run
        if ('retry' in request) return await runOfRetry(context, request.retry, options)
        if ('evaluate' in request) return (await runOfRoots(context, evaluationOf, request, options)).run
        return runOfEdit(request, options).run
      }
      return await executeEdit(context, { ...(await runAgain()), again: runId })
    },
    retry: async (of, options) => await executeEdit(context, await runOfRetry(context, of, options)),
    planRetry: async (of, { sample, ...options }) =>
      await planRun(context, { ...(await runOfRetry(context, of, options)), sample }),
    evaluate: async (request, options) => {
      const { count, run: asked } = await runOfRoots(context, evaluationOf, request, options)
      return count === 0 ? undefined : await executeEdit(context, asked)
    },
    planEvaluate: async (request, { sample, ...options }) => {
      const { count, run: asked } = await runOfRoots(context, evaluationOf, request, options)
      return count === 0 ? undefined : await planRun(context, { ...asked, sample })
    },
    revert: (request, options) => executeEdit(context, runOfRevert(request, options).run),
    planRevert: async (request, { sample, ...options }) => {
      const { run: asked, conflicts } = runOfRevert(request, options, true)
      return { ...(await planRun(context, { ...asked, sample })), conflicts: conflicts() }
    },
    ...readersOf(context),
    approve: (runId, decision) => approveHeldRun(context, runId, decision),
    reject: (runId, decision) => rejectHeldRun(context, runId, decision),
    ...withoutRuns(context),
    testRows: (request) => testRows(context, request, tryMappingRows),
  }
}

function readersOf({
  configuration,
  database,
}: EngineContext): Pick<Engine, 'changes' | 'changesPage' | 'changedProperties'> {
  const { model } = configuration
  return {
    changes: (runId, options = {}, through = database) => changesOf(model, runId, options, through),
    changesPage: async (runId, options, through = database) => {
      requireNames(model, options)
      return await through.session(async (session) =>
        readChangePage(session, { model, runId, held: await heldChangeSet(session, runId) }, options),
      )
    },
    changedProperties: (runId, through = database) =>
      through.session(async (session) => {
        const held = await heldChangeSet(session, runId)
        return held === undefined
          ? await countAppliedProperties(session, runId)
          : await countHeldProperties(session, model, held)
      }),
  }
}

/** Plain ones go together with whichever others there are. */
async function edit(
  context: EngineContext,
  edits: EditQueue,
  request: EditRequest,
  options: EditOptions,
): Promise<Edited> {
  const { run: asked, resources } = runOfEdit(request, options)
  const alone = async () => ({ report: await executeEdit(context, asked), resources: resources() })
  const resource = options.force === true ? undefined : plainlyEdited(context.configuration, request)
  return resource === undefined
    ? await alone()
    : await edits.add({ ...asked, asked: request }, resource, alone)
}

function runOfEdit(
  request: EditRequest,
  { by, comment, force, waiting }: EditOptions,
): { readonly run: RunRequest; readonly resources: () => readonly EditedResource[] } {
  const { produce, resources } = isMerge(request) ? produceMerge(request) : produceEdit(request)
  const origin = { cause: 'edit', by, source: null, delivery: null, mode: null, comment } as const
  const run = { origin, produce, rows: request.edits.length, asked: request, forced: force, waiting }
  return { run, resources }
}

/** Roughly what a run may have changed: work tables of many rows are such as several processes may read. */
const manyRows = 100_000

function runOfRevert(
  request: RevertRequest,
  { by, comment, force, waiting }: EditOptions,
  planned = false,
): { readonly run: RunRequest; readonly conflicts: () => readonly RevertConflict[] } {
  const { produce, conflicts } = produceRevert(request, { planned, by, comment })
  const about = { source: null, delivery: null, mode: null, comment, reverts: request.revert }
  const origin = { cause: 'revert', by, ...about } as const
  return { run: { origin, produce, rows: manyRows, asked: request, forced: force, waiting }, conflicts }
}

async function runOfRetry(
  { database }: EngineContext,
  of: number,
  { by, comment, force, waiting, onProgress }: RetryOptions,
): Promise<RunRequest> {
  const source = await database.session(async (session) => {
    const found = await sourceOfApplied(session, of)
    if (found !== null) await requireNotSuspended(session, found)
    return found
  })
  if (source === null) throw new NothingToRetryError(of, [])
  return {
    origin: { cause: 'retry', by, source, delivery: null, mode: null, comment, retries: of },
    produce: produceFromRejected({ source, of, onProgress }),
    rows: 0,
    asked: { retry: of },
    forced: force,
    waiting,
    onProgress,
  }
}

/** `count`: how many roots there are of those that are wanted. */
async function runOfRoots(
  { database, configuration: { sources } }: EngineContext,
  evaluationOf: EvaluationOf,
  request: EvaluateRequest,
  { by, comment, force, waiting, onProgress }: RetryOptions,
): Promise<{ readonly count: number; readonly run: RunRequest }> {
  const { source, wanted } = request.evaluate
  const known = sources.get(source)
  const evaluation = known === undefined ? undefined : await evaluationOf(known, onProgress)
  if (evaluation === undefined) {
    const graphs = [...sources.values()].filter(({ graph }) => graph !== undefined)
    throw new NoGraphError(
      source,
      graphs.map(({ name }) => name),
    )
  }
  const count = await database.session(async (session) => {
    await requireNotSuspended(session, source)
    const sourceId = await readSourceId(session, source)
    const kinds = [...evaluation.reach.keys()]
    return sourceId === undefined ? 0 : await countGivenRoots(session, { source, sourceId, kinds, wanted })
  })
  const origin = { cause: 'decision', by, source, delivery: null, mode: null, comment } as const
  const produce = produceFromRoots({ source, wanted, evaluation })
  return { count, run: { origin, produce, rows: count, asked: request, forced: force, waiting, onProgress } }
}

/** The source of an applied run; null where it has none. */
async function sourceOfApplied(session: Session, runId: number): Promise<string | null> {
  const recorded = statement<{ state: RecordedRunState; source: string | null }>(
    'runs/source-of-applied',
    sql`select run.state, source.name as source from sluice_run run
    left join sluice_source source on source.source_id = run.source_id where run.run_id = ${sql.literal(runId)}`,
  )
  const [row] = (await run(session, recorded)).rows
  if (row === undefined) throw new RunNotHeldError(runId, undefined)
  if (row.state !== runLife.destinationOf('passed'))
    throw new NothingToRetryError(runId, [`it is ${row.state}, and not applied.`])
  return row.source
}

async function* changesOf(
  model: Configuration['model'],
  runId: number,
  options: ChangesOptions,
  through: Sessions,
): AsyncIterable<Change> {
  const read = <T>(work: (session: Session) => Promise<T>) => through.session(work)
  const held = await read((session) => heldChangeSet(session, runId))
  requireNames(model, options)
  const { sample } = options
  const applied = { model, runId, inBlocks: await read((session) => hasBlocks(session, runId)) }
  if (sample !== undefined) {
    yield* await read((session) =>
      held
        ? sampleChanges(session, model, held, { ...options, sample })
        : sampleApplied(session, applied, { ...options, sample }),
    )
    return
  }
  const all = held ? allChanges(read, model, held, options) : appliedChanges(read, applied, options)
  let count = 0
  for await (const change of all) {
    if (options.limit !== undefined && count >= options.limit) return
    count += 1
    yield change
  }
}

/** The change set of a run that waits for a decision; `undefined` of any other. */
async function heldChangeSet(session: Session, runId: number): Promise<ChangeSet | undefined> {
  const { rows } = await run(session, changeSetOf(runId))
  const row = rows[0]
  if (row === undefined) throw new RunNotHeldError(runId, undefined)
  if (row.held && row.model_changed) throw new HeldModelChangedError(runId)
  return row.held ? changeSetSchema.parse(row.change_set) : undefined
}

function changeSetOf(
  runId: number,
): Statement<{ held: boolean; model_changed: boolean; change_set: unknown }> {
  const held = runLife.statesThatTake('approved').map((state) => sql.literal(state))
  return statement(
    'runs/change-set',
    sql`select state in (${sql.join(held, ', ')}) as held, ${modelChangedSince} as model_changed, change_set from sluice_run where run_id = ${sql.literal(runId)}`,
  )
}
