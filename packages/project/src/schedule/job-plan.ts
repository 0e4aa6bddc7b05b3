/**
 * Decides for one job whether it starts now: a value in, a value and what was decided out.
 *
 * Every time that the schedule names is decided about exactly once: it starts the job, or is left out
 * with a reason. So nothing overlaps, nothing is left out in silence, and the rules can be tested without
 * waiting.
 *
 * @module
 */
import type { Schedule } from '@sluice/model'
import type { Instant, StartTimes } from './start-times.ts'

export interface JobPlan {
  /** Every time up to here has been decided about. */
  readonly settled: Instant
  /** A start that is decided and waits for its jitter. */
  readonly pending?: { readonly due: Instant; readonly at: Instant } | undefined
  readonly atWork: boolean
  /** Once the clock went back: how far was decided before. What a later leap of the clock passes over there was not missed. */
  readonly decided?: Instant | undefined
}

export type Decision =
  /** Begin now; `due` is the time it stands for. */
  | { readonly kind: 'start'; readonly due: Instant }
  | {
      readonly kind: 'left out'
      /** `missed`: the agent did not run, or the machine slept. */
      readonly why: 'missed' | 'at work' | 'about to start' | 'waits for jobs'
      readonly count: number
      readonly first: Instant
      readonly last: Instant
    }
  | { readonly kind: 'clock went back'; readonly by: number }

/** A start that comes later than this was missed; looking is more frequent. */
const punctual = 60_000
/** Clocks are corrected by a little all the time; what has been decided is not decided again for that. */
const smallCorrection = 300_000

export interface Look {
  readonly plan: JobPlan
  readonly decisions: readonly Decision[]
}

/** What there is to do at `now`. `random` is from 0 to 1, for the jitter; `ready`: nothing is left that it comes after. */
export function lookAt(
  plan: JobPlan,
  schedule: Schedule,
  times: StartTimes,
  now: Instant,
  random: number,
  ready = true,
): Look {
  const back = plan.settled - now
  if (back > smallCorrection) {
    return begun(countedFrom(now, plan), [{ kind: 'clock went back', by: back }], now, ready)
  }
  const due = times.between(plan.settled, now)
  if (due === undefined) return begun(plan, [], now, ready)

  const { last } = due
  const late = now - last > punctual
  const settled = { ...plan, settled: last }
  const { decided = plan.settled } = plan
  if (late && last <= decided) return begun(settled, [], now, ready)
  const waiting = ready ? 'about to start' : 'waits for jobs'
  const why = plan.atWork ? 'at work' : plan.pending && waiting
  if (why !== undefined || (late && schedule.missed === 'skip')) {
    return begun(settled, [{ kind: 'left out', why: why ?? 'missed', ...due }], now, ready)
  }
  // One start makes up for all that were missed.
  const before = due.count === 1 ? undefined : times.between(Math.max(plan.settled, decided), last - 1)
  const decisions: Decision[] = before === undefined ? [] : [{ kind: 'left out', why: 'missed', ...before }]
  const at = (late ? now : last) + Math.floor(random * schedule.jitter)
  return begun({ ...settled, pending: { due: last, at } }, decisions, now, ready)
}

/** After the clock went back. */
function countedFrom(now: Instant, { settled, pending, atWork, decided = settled }: JobPlan): JobPlan {
  return {
    settled: now,
    pending: pending && { ...pending, at: now },
    atWork,
    decided: Math.max(settled, decided),
  }
}

/** The same for a job without a schedule: it begins as soon as nothing is left that it comes after. */
export function lookAtFollower(plan: JobPlan, now: Instant, ready: boolean): Look {
  const pending = plan.atWork || !ready ? undefined : { due: now, at: now }
  return begun({ ...plan, settled: now, pending }, [], now, ready)
}

/** Begins what is pending when its time has come. */
function begun(plan: JobPlan, decisions: readonly Decision[], now: Instant, ready: boolean): Look {
  const { pending, atWork } = plan
  if (pending === undefined || pending.at > now || atWork || !ready) return { plan, decisions }
  return {
    plan: { ...plan, pending: undefined, atWork: true },
    decisions: [...decisions, { kind: 'start', due: pending.due }],
  }
}

/** When it is worth looking again; `undefined` when nothing will ever come. */
export function nextLook(plan: JobPlan, times: StartTimes, now: Instant): Instant | undefined {
  const { pending } = plan
  // One whose time has come waits for another job, and the end of that is a reason to look.
  return pending !== undefined && pending.at > now ? pending.at : times.after(Math.max(plan.settled, now))
}

/** What is written down: a start that was decided and not begun is decided again after a restart. */
export function settledForGood({ settled, pending }: JobPlan): Instant {
  return pending === undefined ? settled : Math.min(settled, pending.due - 1)
}
