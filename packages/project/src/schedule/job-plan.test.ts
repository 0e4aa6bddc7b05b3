import type { Schedule } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decision, type JobPlan, lookAt, nextLook, settledForGood } from './job-plan.ts'
import { type Instant, startTimes } from './start-times.ts'

const schedule = (more: Partial<Schedule> = {}): Schedule => ({
  cron: '*/15 * * * *',
  timeZone: 'UTC',
  jitter: 0,
  missed: 'run',
  ...more,
})
const at = (time: string): Instant => Date.parse(`2025-06-02T${time}Z`)

/** Looks at each of `times` in turn; what was decided, in words. */
function decide(plan: JobPlan, given: Schedule, times: readonly string[], random = 0) {
  let current = plan
  return times.map((time) => {
    const look = lookAt(current, given, startTimes(given), at(time), random)
    current = look.plan
    return look.decisions.map(describeDecision).join(', ')
  })
}

function describeDecision(decision: Decision): string {
  const clock = (instant: Instant) => new Date(instant).toISOString().slice(11, 19)
  switch (decision.kind) {
    case 'start':
      return `start of ${clock(decision.due)}`
    case 'left out':
      return `${decision.count} left out: ${decision.why}`
    case 'clock went back':
      return 'clock went back'
  }
}

const idle = (time: string): JobPlan => ({ settled: at(time), atWork: false })

describe('lookAt', () => {
  test('starts a job at its time, once', () => {
    expect(decide(idle('10:00:00'), schedule(), ['10:14:59', '10:15:00', '10:15:01'])).toEqual([
      '',
      'start of 10:15:00',
      '',
    ])
  })

  test('leaves out the starts that come while the job is at work', () => {
    const busy = { settled: at('10:15:00'), atWork: true }
    expect(decide(busy, schedule(), ['10:30:00', '11:00:10'])).toEqual([
      '1 left out: at work',
      '2 left out: at work',
    ])
  })

  test('makes up once for all that was missed, or waits for the next when it shall', () => {
    const night = idle('02:00:00')
    expect(decide(night, schedule(), ['10:05:00', '10:15:00'])).toEqual([
      '31 left out: missed, start of 10:00:00',
      '1 left out: at work',
    ])
    expect(decide(night, schedule({ missed: 'skip' }), ['10:05:00', '10:15:00'])).toEqual([
      '32 left out: missed',
      'start of 10:15:00',
    ])
  })

  test('puts a start off by its jitter, and begins none besides it', () => {
    const late = schedule({ jitter: 1_200_000 })
    expect(decide(idle('10:00:00'), late, ['10:15:00', '10:24:59', '10:25:00'], 0.5)).toEqual([
      '',
      '',
      'start of 10:15:00',
    ])
    expect(decide(idle('10:00:00'), late, ['10:15:00', '10:30:00', '10:35:00'], 0.99)).toEqual([
      '',
      '1 left out: about to start',
      'start of 10:15:00',
    ])
  })

  test('does not repeat a start when the clock is set back a little, and goes on when it is set back far', () => {
    const plan = idle('10:15:00')
    expect(decide(plan, schedule(), ['10:14:00', '10:15:30', '10:30:00'])).toEqual([
      '',
      '',
      'start of 10:30:00',
    ])
    expect(decide(plan, schedule(), ['08:00:00', '08:15:00'])).toEqual([
      'clock went back',
      'start of 08:15:00',
    ])
  })

  test('neither skips nor repeats a start when the clock is wrong by a day for a while, and then right again', () => {
    const day = (number: number, time: string) => Date.parse(`2025-06-0${number}T${time}Z`)
    const nightly = schedule({ cron: '30 2 * * *' })
    const starts = (instants: readonly Instant[]) => {
      let plan: JobPlan = { settled: day(2, '03:00:00'), atWork: false }
      return instants.flatMap((now) => {
        const look = lookAt(plan, nightly, startTimes(nightly), now, 0)
        plan = { ...look.plan, atWork: false }
        return look.decisions.map(describeDecision)
      })
    }
    // A day back: the start of the second was made before, and is not made up for.
    expect(
      starts([
        day(2, '10:00:00'),
        day(1, '10:00:30'),
        day(1, '11:00:00'),
        day(2, '11:00:30'),
        day(3, '02:30:00'),
      ]),
    ).toEqual(['clock went back', 'start of 02:30:00'])
    // A day on: what seems to be missed is made up for once, and the start of the third is made at its time all the same.
    expect(starts([day(2, '10:00:00'), day(3, '10:00:30'), day(2, '10:01:00'), day(3, '02:30:00')])).toEqual([
      'start of 02:30:00',
      'clock went back',
      'start of 02:30:00',
    ])
  })

  test('decides again, after a restart, about a start that had not begun', () => {
    const waiting = {
      settled: at('10:30:00'),
      pending: { due: at('10:15:00'), at: at('10:40:00') },
      atWork: false,
    }
    expect(decide({ settled: settledForGood(waiting), atWork: false }, schedule(), ['10:15:30'])).toEqual([
      'start of 10:15:00',
    ])
  })
})

describe('a job on its schedule', () => {
  const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata']
  const crons = ['*/15 * * * *', '30 2 * * *', '0 * * * *', '*/7 1-3 * * *', '5 4 * * MON', '*/20 30 2 * * *']
  // Either side of the changes to and from summer time, north and south.
  const beginnings = [
    '2025-03-08T20:00',
    '2025-03-29T20:00',
    '2025-10-25T18:00',
    '2025-11-01T20:00',
    '2025-04-05T08:00',
  ]
  const scenario = fc.record({
    schedule: fc.record({
      cron: fc.constantFrom(...crons),
      timeZone: fc.constantFrom(...zones),
      jitter: fc.constantFrom(0, 30_000, 1_800_000),
      missed: fc.constantFrom('run' as const, 'skip' as const),
    }),
    beginning: fc.constantFrom(...beginnings),
    steps: fc.array(
      fc.record({
        /** How long until somebody looks again: punctually, or after the machine slept. */
        wait: fc.oneof(fc.nat(30_000), fc.nat(3_600_000), fc.nat(20_000_000)),
        ends: fc.boolean(),
        restarts: fc.boolean(),
        random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  })

  test('never overlaps with itself, and accounts for every time of its schedule exactly once', () => {
    fc.assert(
      fc.property(scenario, ({ schedule: given, beginning, steps }) => {
        const times = startTimes(given)
        const begin = Date.parse(`${beginning}:00Z`)
        let plan: JobPlan = { settled: begin, atWork: false }
        let now = begin
        const accounted = steps.map(({ wait, random, ends, restarts }) => {
          now += wait
          const look = lookAt(plan, given, times, now, random)
          const starts = look.decisions.filter(({ kind }) => kind === 'start')
          expect(starts.length).toBeLessThanOrEqual(plan.atWork ? 0 : 1)
          plan = afterwards(look.plan, ends, restarts)
          return sum(look.decisions.map((decision) => ('count' in decision ? decision.count : 1)))
        })
        const pending = plan.pending === undefined ? 0 : 1
        expect(sum(accounted) + pending).toBe(times.between(begin, now)?.count ?? 0)
      }),
      { numRuns: 300 },
    )
  })

  test('looks again in time for the next start', () => {
    fc.assert(
      fc.property(scenario, ({ schedule: given, beginning }) => {
        const times = startTimes(given)
        const begin = Date.parse(`${beginning}:00Z`)
        const next = nextLook({ settled: begin, atWork: false }, times, begin)
        expect(next).toBe(times.after(begin))
        expect(times.between(begin, (next ?? 0) - 1)).toBeUndefined()
        expect(times.between(begin, next ?? 0)).toEqual({ first: next, last: next, count: 1 })
      }),
    )
  })
})

function afterwards(plan: JobPlan, ends: boolean, restarts: boolean): JobPlan {
  // What a start in waiting stands for is decided again by the next process, and would count twice here.
  if (restarts && plan.pending === undefined) return { settled: settledForGood(plan), atWork: false }
  return ends ? { ...plan, atWork: false } : plan
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}

describe('startTimes', () => {
  const starts = (cron: string, from: string, to: string) => {
    const times = startTimes({ cron, timeZone: 'Europe/Paris' })
    const found: string[] = []
    for (let time = times.after(Date.parse(from)); time !== undefined && time <= Date.parse(to); ) {
      found.push(new Date(time).toISOString().slice(0, 16))
      time = times.after(time)
    }
    return found
  }

  test('runs a job once in the night in which its hour does not exist, right after the gap', () => {
    expect(starts('30 2 * * *', '2025-03-29T12:00Z', '2025-03-31T12:00Z')).toEqual([
      '2025-03-30T01:00',
      '2025-03-31T00:30',
    ])
  })

  test('runs a job once in the night in which its hour comes twice', () => {
    expect(starts('30 2 * * *', '2025-10-25T12:00Z', '2025-10-27T12:00Z')).toEqual([
      '2025-10-26T00:30',
      '2025-10-27T01:30',
    ])
  })

  test('keeps the rhythm of a job that runs every quarter of an hour through both nights', () => {
    expect(starts('*/15 * * * *', '2025-03-30T00:30Z', '2025-03-30T01:31Z')).toHaveLength(4)
    expect(starts('*/15 * * * *', '2025-10-26T00:00Z', '2025-10-26T02:00Z')).toHaveLength(8)
  })
})
