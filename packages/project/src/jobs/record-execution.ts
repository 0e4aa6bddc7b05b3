/**
 * Keeps what becomes of a job while it is executed: in the work folder at once, at whoever keeps results as soon as it can be reached.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Configuration, Execution, Job, StopRequest } from '@sluice/model'
import { identityOf } from '../executions/agent-identity.ts'
import { noteExecution } from '../executions/execution-journal.ts'
import { handOver, handOverOne } from '../executions/hand-over.ts'
import { forgetStop, readStop } from '../executions/stop-note.ts'
import type { JobKeeper } from '../open/job-keeper.ts'
import {
  begunExecution,
  endedExecution,
  failedExecution,
  type JobStart,
  withEvent,
} from './execution-notes.ts'
import type { JobEvent, JobReport } from './job-report.ts'
import { StopAskedError } from './stop-asked-error.ts'

/** Milliseconds between two signs of life. */
const beat = 5000
/** Between two looks for a note that asks to stop. */
const look = 1000
/** For one sign of life. */
const within = 10_000

export interface Recording {
  readonly configuration: Pick<Configuration, 'workFolder'>
  readonly keeper: Pick<JobKeeper, 'keep'>
  readonly job: Job
  readonly start: JobStart
  readonly signal?: AbortSignal | undefined
}

/** `work` is given what it has to report to, and the signal by which its work in hand is given up. */
export async function recordExecution(
  recording: Recording,
  work: (of: {
    readonly onEvent: (event: JobEvent) => void
    readonly signal: AbortSignal
  }) => Promise<JobReport>,
): Promise<JobReport> {
  const recorder = new Recorder(recording, await identityOf(recording.configuration.workFolder))
  await recorder.begin()
  try {
    const report = await work({ onEvent: (event) => recorder.note(event), signal: recorder.signal })
    await recorder.end((execution) => endedExecution(execution, report))
    return report
  } catch (error) {
    await recorder.end((execution) => failedExecution(execution, error, new Date()))
    throw error
  }
}

/**
 * Keeps that a job could not even begin: what was in the way of its project. It is handed over by whoever opens it next. Never throws: what was in
 * the way is what matters.
 */
export async function recordFailedStart(
  { workFolder }: Pick<Configuration, 'workFolder'>,
  job: string,
  start: JobStart,
  thrown: unknown,
): Promise<void> {
  try {
    const agent = await identityOf(workFolder)
    const begun = begunExecution(randomUUID(), { job, agent, start, at: new Date() })
    await noteExecution(workFolder, failedExecution(begun, thrown, new Date()))
  } catch {
    // The disk may be what was in the way.
  }
}

/** Keeps that somebody stopped a job before it could begin. Never throws. */
export async function recordStoppedStart(
  { workFolder }: Pick<Configuration, 'workFolder'>,
  job: string,
  start: JobStart,
  stop: StopRequest,
): Promise<void> {
  try {
    const at = new Date()
    const begun = begunExecution(randomUUID(), { job, agent: await identityOf(workFolder), start, at })
    await noteExecution(workFolder, { ...begun, state: 'stopped', finishedAt: at.toISOString(), stop })
  } catch {
    // As above.
  }
}

class Recorder {
  readonly #recording: Recording
  readonly #stages: ReadonlyMap<string, Job['steps'][number]['stage']>
  readonly #stopping = new AbortController()
  readonly #over = new AbortController()
  /** What goes on beside the job. */
  readonly #beside: Promise<unknown>[] = []
  #execution: Execution
  #noted: Promise<void> = Promise.resolve()
  #changed = new AbortController()

  constructor(recording: Recording, agent: Execution['agent']) {
    const { job, start } = recording
    this.#recording = recording
    this.#stages = new Map(job.steps.map(({ name, stage }) => [name, stage]))
    this.#execution = begunExecution(randomUUID(), { job: job.name, agent, start, at: new Date() })
  }

  get signal(): AbortSignal {
    const { signal } = this.#recording
    return signal === undefined ? this.#stopping.signal : AbortSignal.any([signal, this.#stopping.signal])
  }

  async begin(): Promise<void> {
    const { configuration, job } = this.#recording
    await forgetStop(configuration.workFolder, job.name).catch(() => undefined)
    await this.#write()
    this.#beside.push(this.#keepTelling(), this.#watchNotes())
  }

  note(event: JobEvent): void {
    this.#execution = withEvent(this.#execution, event, this.#stages, new Date())
    void this.#write()
    this.#changed.abort()
  }

  async end(of: (execution: Execution) => Execution): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#beside)
    this.#execution = of(this.#execution)
    await this.#write()
    const { configuration, keeper, job } = this.#recording
    await handOverOne(configuration.workFolder, keeper, this.#execution)
    await forgetStop(configuration.workFolder, job.name).catch(() => undefined)
  }

  /** One write after the other; a disk that is full does not keep a job from its work. */
  #write(): Promise<void> {
    const { workFolder } = this.#recording.configuration
    this.#noted = this.#noted.then(() => noteExecution(workFolder, this.#execution)).catch(() => undefined)
    return this.#noted
  }

  /** A repository in a folder answers nobody in the middle of a run: this waits, and the job does not. */
  async #keepTelling(): Promise<void> {
    const { keeper, configuration } = this.#recording
    await handOver(configuration.workFolder, keeper)
    while (!this.#over.signal.aborted) {
      this.#changed = new AbortController()
      const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(within)])
      const stop = await keeper.keep(this.#execution, { signal }).catch(() => null)
      if (stop !== null) this.#stop(stop)
      await this.#pause(beat, this.#changed.signal)
    }
  }

  async #watchNotes(): Promise<void> {
    const { configuration, job } = this.#recording
    while (!this.#over.signal.aborted) {
      const stop = await readStop(configuration.workFolder, job.name)
      if (stop !== undefined) this.#stop(stop)
      await this.#pause(look)
    }
  }

  async #pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const over = this.#over.signal
    const either = signal === undefined ? over : AbortSignal.any([over, signal])
    await sleep(milliseconds, undefined, { signal: either }).catch(() => undefined)
  }

  /** Whoever asked first. */
  #stop(stop: StopRequest): void {
    if (this.#stopping.signal.aborted) return
    this.#execution = { ...this.#execution, stop }
    this.#stopping.abort(new StopAskedError(stop))
  }
}
