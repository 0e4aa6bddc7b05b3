/**
 * Starts jobs when their schedules say so, until it is stopped.
 *
 * It looks at the clock at least twice a minute in place of trusting one long timer, so that a machine
 * that slept or a clock that was set is noticed. What each look means is decided in `job-plan.ts`; here it
 * is carried out, written down and logged.
 *
 * @module
 */
import type { AgentLog } from './agent-log.ts'
import { awaited, takenBy } from './job-order.ts'
import { type Decision, type JobPlan, lookAt, lookAtFollower, nextLook, settledForGood } from './job-plan.ts'
import { readScheduleState, type ScheduleRecord, writeScheduleState } from './schedule-state.ts'
import { beginsByItself, type ScheduledJob, type ScheduledStart } from './scheduled-job.ts'
import type { SourceReservations } from './source-reservations.ts'
import { countedMost, type Instant, noTimes, type StartTimes, startTimes } from './start-times.ts'

export interface SchedulerOptions {
  readonly jobs: readonly ScheduledJob[]
  /** The file that remembers the last starts. */
  readonly statePath: string
  readonly reservations: SourceReservations
  /** Carries a job out and says how it ended; `stopped` begins again with the next agent. */
  readonly run: (job: ScheduledJob, start: ScheduledStart) => Promise<string>
  readonly log: AgentLog
  /** Nothing is begun any more; what is at work is waited for. */
  readonly stop: AbortSignal
  /** Milliseconds between two lines that say that the agent is alive. */
  readonly heartbeat?: number | undefined
}

interface Entry {
  job: ScheduledJob
  times: StartTimes
  plan: JobPlan
  record: ScheduleRecord
  /** A start that waits for its sources; forgotten by nobody until it begins. */
  waitingSince?: Instant | undefined
  /** The start that is pending makes up for one that did not end. */
  again?: boolean | undefined
}

const longestSleep = 30_000

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #entries = new Map<string, Entry>()
  /** Those of jobs that this agent does not care for stay as they are. */
  readonly #records = new Map<string, ScheduleRecord>()
  readonly #atWork = new Set<Promise<void>>()
  #saved: Promise<void> = Promise.resolve()
  #wake: () => void = () => {}
  #lastBeat = 0

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Until `stop`, and until what is at work then has ended. */
  async run(): Promise<void> {
    const { stop, log, statePath, jobs } = this.#options
    const { jobs: records, unreadable } = await readScheduleState(statePath)
    if (unreadable !== undefined) {
      log.error(
        { file: statePath, reason: unreadable },
        'earlier starts are not known: missed starts are not repeated',
      )
    }
    for (const [name, record] of records) this.#records.set(name, record)
    this.replace(jobs)
    stop.addEventListener('abort', () => this.#wake(), { once: true })
    this.#lastBeat = performance.now()
    while (!stop.aborted) {
      const now = Date.now()
      for (const entry of this.#entries.values()) this.#look(entry, now)
      this.#beat(now)
      await this.#sleep(now)
    }
    if (this.#atWork.size > 0)
      log.info({ jobs: this.#namesAtWork() }, 'stops when the steps that are running have ended')
    await Promise.allSettled(this.#atWork)
    await this.#saved
  }

  /** What is remembered of the jobs, by name. */
  get records(): ReadonlyMap<string, ScheduleRecord> {
    return this.#records
  }

  /**
   * Begins a job because somebody asks for it, whatever it comes after. It waits for its sources and its end counts, as with a start by the
   * clock. `false`: it is at work, or about to be.
   */
  begin(name: string, start: ScheduledStart): boolean {
    const entry = this.#entries.get(name)
    if (entry === undefined || entry.plan.atWork || this.#options.stop.aborted) return false
    entry.plan = { ...entry.plan, atWork: true }
    this.#launch(entry, Date.now(), start)
    return true
  }

  /** Takes other jobs and schedules from now on; what is at work goes on. */
  replace(jobs: readonly ScheduledJob[]): void {
    const now = Date.now()
    const names = new Set(jobs.map(({ name }) => name))
    for (const name of [...this.#entries.keys()]) if (!names.has(name)) this.#entries.delete(name)
    for (const job of jobs) {
      const entry = this.#entries.get(job.name)
      if (entry === undefined) this.#entries.set(job.name, this.#entry(job, now))
      else this.#change(entry, job, now)
    }
    for (const { job, plan, times } of this.#entries.values()) {
      if (!beginsByItself(job)) continue
      const next = isoOf(nextLook(plan, times, now))
      this.#options.log.info(
        { job: job.name, schedule: scheduleText(job), after: job.after, next },
        'job is scheduled',
      )
      const others = job.after.filter((before) => !names.has(before))
      if (others.length > 0)
        this.#options.log.warn(
          { job: job.name, after: others },
          'the job comes after jobs that this agent does not start',
        )
    }
    void this.#save([...this.#entries.values()])
    this.#wake()
  }

  #change(entry: Entry, job: ScheduledJob, now: Instant): void {
    const schedule = scheduleText(job)
    entry.job = job
    if (entry.record.schedule === schedule) return
    entry.times = timesOf(job)
    entry.record = { ...entry.record, schedule }
    entry.plan = { settled: now, atWork: entry.plan.atWork }
  }

  #entry(job: ScheduledJob, now: Instant): Entry {
    const times = timesOf(job)
    const schedule = scheduleText(job)
    const found = this.#records.get(job.name)
    if (found === undefined || found.schedule !== schedule) {
      const nothing = { startedAt: null, endedAt: null, state: null, doneAt: null }
      const fresh = { ...nothing, interrupted: 0, taken: {} }
      const record = { ...fresh, ...found, schedule, settled: new Date(now).toISOString() }
      return { job, times, record, plan: { settled: now, atWork: false } }
    }
    const plan: JobPlan = { settled: Date.parse(found.settled), atWork: false }
    return { job, times, ...this.#afterInterruption(job, found, plan, now) }
  }

  /**
   * A job that was stopped or killed is made up for; one that was killed only once, so that a job that brings
   * the machine down does not go on doing so.
   */
  #afterInterruption(
    job: ScheduledJob,
    record: ScheduleRecord,
    plan: JobPlan,
    now: Instant,
  ): Pick<Entry, 'plan' | 'record' | 'again'> {
    const { startedAt, endedAt, state, interrupted } = record
    if (startedAt === null || (endedAt !== null && state !== 'stopped')) return { plan, record }
    const again = beginsByItself(job) && job.schedule?.missed !== 'skip' && interrupted === 0
    const what = endedAt === null ? 'interrupted' : 'stopped'
    const next = again ? 'starts again' : 'waits for its next start'
    this.#options.log.warn({ job: job.name, startedAt }, `the job was ${what} and ${next}`)
    if (!again) return { plan, record }
    // What that start was made after is good for this one.
    return {
      plan: { ...plan, pending: { due: Date.parse(startedAt), at: now } },
      record: { ...record, taken: {} },
      again: true,
    }
  }

  #look(entry: Entry, now: Instant): void {
    const { job, times } = entry
    if (!beginsByItself(job)) return
    const before = settledForGood(entry.plan)
    const waitsFor = awaited(job.after, entry.record.taken, this.#records)
    const ready = waitsFor.length === 0
    const { plan, decisions } =
      job.schedule === undefined
        ? lookAtFollower(entry.plan, now, ready)
        : lookAt(entry.plan, job.schedule, times, now, Math.random(), ready)
    if (!ready && plan.pending !== undefined && plan.pending.due !== entry.plan.pending?.due)
      this.#options.log.info({ job: job.name, after: waitsFor }, 'waits for jobs to end well')
    entry.plan = plan
    for (const decision of decisions) this.#carryOut(entry, decision)
    if (job.schedule !== undefined && settledForGood(plan) !== before) void this.#save([entry])
  }

  #carryOut(entry: Entry, decision: Decision): void {
    const { log } = this.#options
    const { name } = entry.job
    switch (decision.kind) {
      case 'start': {
        const { name, schedule } = entry.job
        const byItself = schedule === undefined ? 'after' : 'schedule'
        const cause = entry.again === true ? 'again' : byItself
        entry.again = false
        this.#launch(entry, decision.due, { cause, by: { kind: 'schedule', name } })
        return
      }
      case 'left out': {
        const { why, count, first, last } = decision
        const starts = count < countedMost ? count : `${count} or more`
        log.warn({ job: name, why, starts, first: isoOf(first), last: isoOf(last) }, 'starts are left out')
        return
      }
      case 'clock went back':
        log.warn(
          { job: name, milliseconds: decision.by },
          'the clock went back: starts are counted from now on',
        )
    }
  }

  #launch(entry: Entry, due: Instant, start: ScheduledStart): void {
    const running = this.#start(entry, due, start).finally(() => this.#atWork.delete(running))
    this.#atWork.add(running)
  }

  async #start(entry: Entry, due: Instant, start: ScheduledStart): Promise<void> {
    const { reservations, stop, log } = this.#options
    const { name, sources } = entry.job
    const busy = reservations.busy(sources)
    if (busy.length > 0) log.info({ job: name, sources: busy }, 'waits for sources that another job works on')
    entry.waitingSince = due
    try {
      await reservations.run(sources, stop, () => this.#perform(entry, due, start))
    } catch (error) {
      if (stop.aborted) log.info({ job: name }, 'was not begun, because the agent stops')
      else log.error({ job: name, err: error }, 'the job failed')
    } finally {
      // Times that came meanwhile came while it was at work.
      this.#look(entry, Date.now())
      entry.plan = { ...entry.plan, atWork: false }
      this.#wake()
    }
  }

  async #perform(entry: Entry, due: Instant, start: ScheduledStart): Promise<void> {
    const { log, run } = this.#options
    const { name } = entry.job
    const begin = performance.now()
    const interrupted = entry.record.startedAt !== null && entry.record.endedAt === null
    entry.waitingSince = undefined
    entry.record = {
      ...entry.record,
      startedAt: new Date().toISOString(),
      endedAt: null,
      state: null,
      interrupted: interrupted ? entry.record.interrupted + 1 : 0,
      taken: takenBy(entry.job.after, this.#records),
    }
    await this.#save([entry])
    const { cause, by } = start
    log.info({ job: name, due: isoOf(due), cause, ...(cause === 'request' ? { by } : {}) }, 'the job begins')
    let state = 'failed'
    try {
      state = await run(entry.job, start)
    } finally {
      const endedAt = new Date().toISOString()
      const { doneAt } = entry.record
      entry.record = {
        ...entry.record,
        endedAt,
        state,
        interrupted: 0,
        doneAt: state === 'done' ? endedAt : doneAt,
      }
      const data = { job: name, state, milliseconds: Math.round(performance.now() - begin) }
      if (state === 'done') log.info(data, 'the job ended')
      else log.warn(data, 'the job ended')
      await this.#save([entry])
    }
  }

  /** One write after the other, the latest state each time; a disk that is full does not keep a job from its work. */
  #save(entries: readonly Entry[]): Promise<void> {
    const { statePath, log } = this.#options
    for (const { job, record, plan, waitingSince } of entries) {
      const settled = Math.min(settledForGood(plan), (waitingSince ?? Number.POSITIVE_INFINITY) - 1)
      this.#records.set(job.name, { ...record, settled: new Date(settled).toISOString() })
    }
    this.#saved = this.#saved.then(async () => {
      try {
        await writeScheduleState(statePath, this.#records)
      } catch (error) {
        log.error({ file: statePath, err: error }, 'the starts cannot be written down')
      }
    })
    return this.#saved
  }

  #beat(now: Instant): void {
    const { heartbeat = 300_000, log } = this.#options
    if (performance.now() - this.#lastBeat < heartbeat) return
    this.#lastBeat = performance.now()
    log.info({ atWork: this.#namesAtWork(), next: isoOf(this.#nextInstant(now)) }, 'the agent is alive')
  }

  #namesAtWork(): readonly string[] {
    return [...this.#entries.values()].filter(({ plan }) => plan.atWork).map(({ job }) => job.name)
  }

  #nextInstant(now: Instant): Instant | undefined {
    const found = [...this.#entries.values()].flatMap(({ plan, times }) => nextLook(plan, times, now) ?? [])
    return found.length === 0 ? undefined : Math.min(...found)
  }

  async #sleep(now: Instant): Promise<void> {
    const { heartbeat = 300_000, stop } = this.#options
    if (stop.aborted) return
    const next = this.#nextInstant(now) ?? Number.POSITIVE_INFINITY
    const time = Math.min(Math.max(next - Date.now(), 1), longestSleep, heartbeat)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, time)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function scheduleText({ schedule }: ScheduledJob): string {
  return schedule === undefined ? 'none' : `${schedule.cron} ${schedule.timeZone}`
}

function timesOf({ schedule }: ScheduledJob): StartTimes {
  return schedule === undefined ? noTimes : startTimes(schedule)
}

function isoOf(instant: Instant | undefined): string | null {
  return instant === undefined ? null : new Date(instant).toISOString()
}
