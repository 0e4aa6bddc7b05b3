/**
 * Carries out the steps of a job, one after the other; the sources of a step together.
 *
 * What happens to one source decides about its own later steps: they are left out when a run of it is
 * held, and when they would build on a stage that failed. A failure ends the job, unless its step says
 * to go on. The outcome of every source in every step is a value, with the reason where it is not done.
 *
 * @module
 */
import { DeliveredLaterError, ResultUnknownError, SourceHeldError } from '@sluice/agent'
import type { ProgramLine } from '@sluice/connectors'
import {
  type Job,
  type JobStage,
  type JobState,
  type JobStep,
  makesIncremental,
  type OnProgress,
  type OutcomeState,
  type RunBy,
  type RunReport,
  type Source,
  saysSuspended,
} from '@sluice/model'
import type { SourceOptions } from '../open/options.ts'
import type { JobStart } from './execution-notes.ts'
import {
  type JobEvent,
  type JobReport,
  type SourceOutcome,
  type StepOutcome,
  worstState,
} from './job-report.ts'
import { retrying, WaitEndedError } from './retrying.ts'
import { type StepSelection, selectSteps } from './select-steps.ts'
import { StopAskedError } from './stop-asked-error.ts'

/** Performs the stages that the steps of a job ask for: a project. */
export interface StagePerformer {
  readonly sources: ReadonlyMap<string, Source>
  perform(stage: JobStage, source: string, options: StageOptions): Promise<StageResult>
  /** Number of the run of this source that waits for a decision. */
  heldRun(source: string): Promise<number | undefined>
}

export interface StageResult {
  /** Of the runs the stage made, if it made any. */
  readonly reports: readonly RunReport[]
  /** Why it failed, where that is not thrown. */
  readonly problem?: string | undefined
}

export interface StageOptions extends Omit<SourceOptions, 'folder'> {
  readonly force: boolean
  /** Of `sync`: its run waits to be approved, whatever it would change. */
  readonly hold: boolean
}

export interface RunJobOptions extends StepSelection {
  /** By what the job is begun, as its result says; somebody's request when absent. */
  readonly start?: JobStart | undefined
  /** Who makes its runs happen; who opened the project when absent. */
  readonly by?: RunBy | undefined
  /** Applies what a threshold would hold, in every step. */
  readonly force?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
  /** Called whenever the server has answered, for a project that works through one. */
  readonly onAnswer?: (() => void) | undefined
  readonly onEvent?: ((event: JobEvent) => void) | undefined
  /** Called with each line that an export program writes. */
  readonly onProgramLine?: ((source: string, line: ProgramLine) => void) | undefined
  /** Gives up the work in hand; nothing of it is applied. */
  readonly signal?: AbortSignal | undefined
  /** Ends the job after the step at work, and at once its waiting for a server. */
  readonly stop?: AbortSignal | undefined
}

/** Each source being prepared may take the memory that `prepare.memoryLimit` allows. */
const sourcesAtOnce = 2

/** Never throws for what happens in a step; throws `UnknownStepError` for steps that do not exist. */
export async function carryOutJob(
  performer: StagePerformer,
  job: Job,
  options: RunJobOptions = {},
): Promise<JobReport> {
  const steps = selectSteps(job, options)
  const startedAt = new Date().toISOString()
  const execution = new JobExecution(performer, job, options)
  const outcomes: StepOutcome[] = []
  for (const step of steps) {
    const outcome = await execution.step(step)
    outcomes.push(outcome)
    options.onEvent?.({ kind: 'step ended', outcome })
  }
  const finishedAt = new Date().toISOString()
  return {
    job: job.name,
    state: execution.stateAfter(outcomes),
    startedAt,
    finishedAt,
    steps: outcomes,
    ...stoppedBy(options.signal),
  }
}

const chain: readonly JobStage[] = ['export', 'prepare', 'deliver', 'synchronize']

interface Obstacle {
  readonly state: 'skipped' | 'left out'
  readonly reason: string
  /** Only stages after this one build on what went wrong; all when absent. */
  readonly after?: JobStage
}

/** One execution of a job: what went wrong so far, for the whole job and for each source. */
class JobExecution {
  readonly #performer: StagePerformer
  readonly #job: Job
  readonly #options: RunJobOptions
  readonly #obstacles = new Map<string, Obstacle>()
  #ended: string | undefined

  constructor(performer: StagePerformer, job: Job, options: RunJobOptions) {
    this.#performer = performer
    this.#job = job
    this.#options = options
  }

  async step(step: JobStep): Promise<StepOutcome> {
    const begin = performance.now()
    const { onEvent } = this.#options
    const whole = this.#reasonToStop()
    if (whole === undefined) onEvent?.({ kind: 'step started', step: step.name })
    const sources = await mapConcurrently(step.sources, sourcesAtOnce, async (source) => {
      const outcome = await this.#source(step, source, whole)
      onEvent?.({ kind: 'source ended', step: step.name, outcome })
      return outcome
    })
    const state = worstState(sources.map((outcome) => outcome.state))
    const warning = state === 'failed' && step.continueOnError
    if (state === 'failed' && !warning) this.#ended ??= `Step "${step.name}" failed.`
    const { name, stage } = step
    return { step: name, stage, state, warning, sources, milliseconds: performance.now() - begin }
  }

  stateAfter(steps: readonly StepOutcome[]): JobState {
    const { signal, stop } = this.#options
    const states = steps.flatMap(({ sources }) => sources.map(({ state }) => state))
    const asked = signal?.aborted === true || stop?.aborted === true
    if (steps.some(({ state, warning }) => state === 'failed' && !warning)) return 'failed'
    if (states.includes('stopped') || (asked && states.includes('skipped'))) return 'stopped'
    if (states.includes('waiting')) return 'waiting'
    return states.includes('held') || states.includes('left out') ? 'held' : 'done'
  }

  #reasonToStop(): string | undefined {
    const { signal, stop } = this.#options
    if (signal?.aborted === true || stop?.aborted === true) this.#ended ??= sentenceOf(signal)
    return this.#ended
  }

  async #source(step: JobStep, source: string, whole: string | undefined): Promise<SourceOutcome> {
    const begin = performance.now()
    const outcome = (
      state: OutcomeState,
      more: {
        readonly reason?: string | undefined
        readonly reports?: readonly RunReport[]
        readonly error?: unknown
      },
    ): SourceOutcome => {
      const { reason, reports = [], error } = more
      return { source, state, reason, reports, error, milliseconds: performance.now() - begin }
    }
    if (whole !== undefined) return outcome('skipped', { reason: whole })
    try {
      const obstacle = this.#obstacleTo(step, source) ?? (await this.#heldBefore(step, source))
      if (obstacle !== undefined) return outcome(obstacle.state, obstacle)
      const { reports, problem } = await this.#perform(step, source)
      const { state, reason } = problem === undefined ? judge(reports, step) : failedBy(problem)
      if (state === 'done') this.#obstacles.delete(source)
      else this.#block(step, source, state, reason)
      return outcome(state, { reason, reports })
    } catch (error) {
      const { state, reason } = this.#judgeError(error)
      if (state === 'stopped') return outcome(state, { reason })
      this.#block(step, source, state, reason)
      return outcome(state, { reason, error })
    }
  }

  #judgeError(error: unknown): Judgement {
    const { signal, stop } = this.#options
    if (signal?.aborted === true) return { state: 'stopped', reason: sentenceOf(signal) }
    const reason = error instanceof Error ? error.message : String(error)
    const state = stateOfError(error)
    // It would have gone on waiting.
    const waited = error instanceof WaitEndedError || (state === 'waiting' && stop?.aborted === true)
    return { state: waited ? 'stopped' : state, reason }
  }

  #perform(step: JobStep, source: string): Promise<StageResult> {
    const { by, onProgress, onAnswer, onEvent, signal, stop, force } = this.#options
    const onProgramLine = (line: ProgramLine) => this.#options.onProgramLine?.(source, line)
    const work = () =>
      this.#performer.perform(step.stage, source, {
        by,
        mode: step.mode,
        force: force === true || step.force,
        hold: step.hold === true,
        onProgress,
        onAnswer,
        onProgramLine,
        signal,
        stop,
      })
    return retrying(work, {
      retry: this.#job.retry,
      onRetry: (next) => onEvent?.({ kind: 'source retried', step: step.name, source, next }),
      signal,
      stop,
    })
  }

  #obstacleTo(step: JobStep, source: string): Obstacle | undefined {
    const obstacle = this.#obstacles.get(source)
    if (obstacle?.after === undefined) return obstacle
    return chain.indexOf(step.stage) > chain.indexOf(obstacle.after) ? obstacle : undefined
  }

  /** An incremental would build on changes that may never be applied. */
  async #heldBefore(step: JobStep, source: string): Promise<Obstacle | undefined> {
    const forced = this.#options.force === true || step.force
    const configured = this.#performer.sources.get(source)
    if (forced || configured === undefined || !makesIncremental(step, configured)) return undefined
    // Where the repository cannot be reached, the stage itself finds out, and may prepare for later.
    const found = this.#performer.heldRun(source).catch(() => undefined)
    const run = await untilAborted(found, [this.#options.signal, this.#options.stop])
    if (run === undefined) return undefined
    const reason = `Run ${run} of "${source}" is held; incremental runs wait until it is approved or rejected.`
    this.#block(step, source, 'left out', reason)
    return { state: 'left out', reason }
  }

  #block({ stage, name }: JobStep, source: string, state: OutcomeState, why = 'It failed.'): void {
    // What has aged goes at its next time.
    if (stage === 'age') return
    // A sync is all stages: a single stage after it builds on it, and another sync does not.
    const after = stage === 'sync' ? 'export' : stage
    if (state === 'held') {
      this.#obstacles.set(source, {
        state: 'skipped',
        reason: `${why} The remaining sources wait for a decision.`,
      })
    } else if (state === 'waiting') {
      const reason = `It builds on "${name}", which waits for the server.`
      this.#obstacles.set(source, { state: 'skipped', reason, after })
    } else if (state === 'skipped') {
      this.#obstacles.set(source, { state, reason: why, after })
    } else if (state === 'left out') {
      this.#obstacles.set(source, { state, reason: why, after })
    } else {
      const reason = `It builds on "${name}", which failed: ${why}`
      this.#obstacles.set(source, { state: 'skipped', reason, after })
    }
  }
}

function stoppedBy(signal: AbortSignal | undefined): Pick<JobReport, 'stoppedBy'> {
  const reason: unknown = signal?.reason
  return reason instanceof StopAskedError ? { stoppedBy: reason.stop.by } : {}
}

/** That it was stopped, and by whom where somebody asked for this job. */
function sentenceOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason
  return reason instanceof StopAskedError ? reason.message : 'The job was stopped.'
}

/** The result; `undefined` when one of the signals comes before it. */
async function untilAborted<T>(
  result: Promise<T>,
  signals: readonly (AbortSignal | undefined)[],
): Promise<T | undefined> {
  const over = new AbortController()
  const aborted = new Promise<undefined>((resolve) => {
    for (const one of signals) {
      if (one?.aborted === true) resolve(undefined)
      else one?.addEventListener('abort', () => resolve(undefined), { signal: over.signal })
    }
  })
  try {
    return await Promise.race([result, aborted])
  } finally {
    over.abort()
  }
}

/** Outcomes that the stages throw, because nobody but a job goes on after them. */
function stateOfError(error: unknown): OutcomeState {
  if (saysSuspended(error)) return 'skipped'
  if (error instanceof SourceHeldError) return 'left out'
  return error instanceof DeliveredLaterError || error instanceof ResultUnknownError ? 'waiting' : 'failed'
}

interface Judgement {
  readonly state: OutcomeState
  readonly reason?: string | undefined
}

function failedBy(reason: string): Judgement {
  return { state: 'failed', reason }
}

function judge(reports: readonly RunReport[], { hold = false }: Pick<JobStep, 'hold'>): Judgement {
  const failed = reports.find(({ state }) => state === 'failed' || state === 'interrupted')
  if (failed !== undefined) {
    return failedBy(failed.error?.message ?? `Run ${failed.run} was ${failed.state}.`)
  }
  const held = reports.find(({ state }) => state === 'held')
  if (held === undefined) return { state: 'done' }
  const why = hold ? 'is held, as it was asked for' : 'exceeds a threshold and is held'
  return { state: 'held', reason: `Run ${held.run} of "${held.source}" ${why}.` }
}

/** Results in the order of the items, at most `limit` of them at once. */
async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  each: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>()
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results.set(index, await each(item))
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return items.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}
