import { randomUUID } from 'node:crypto'
import { executionSchema } from '@sluice/model'
import { expect, test } from 'vitest'
import { UnknownSourceError } from '../open/project-errors.ts'
import { begunExecution, endedExecution, failedExecution, withEvent } from './execution-notes.ts'
import type { JobEvent, SourceOutcome } from './job-report.ts'

const at = new Date('2026-11-30T02:30:00Z')
const agent = { agent: randomUUID(), host: 'office', folder: '/srv/.sluice' }
const start = { cause: 'schedule', by: { kind: 'schedule', name: 'nightly' } } as const
const begun = begunExecution(randomUUID(), { job: 'nightly', agent, start, at })
const stages = new Map([['all', 'sync'] as const, ['last', 'age'] as const])

function after(...events: readonly JobEvent[]) {
  return events.reduce((execution, event) => withEvent(execution, event, stages, at), begun)
}

const done = (source: string): SourceOutcome => ({ source, state: 'done', reports: [], milliseconds: 1.4 })
const ended = (outcome: SourceOutcome): JobEvent => ({ kind: 'source ended', step: 'all', outcome })
const began: JobEvent = { kind: 'step started', step: 'all' }

test('what is noted is what can be kept', () => {
  expect(executionSchema.parse(begun)).toEqual(begun)
  expect(begun).toMatchObject({ state: 'running', start: null, finishedAt: null, steps: [] })
})

test('a step that has begun is running, with the sources that have ended', () => {
  const { steps } = after(began, ended(done('hr')))
  expect(steps).toMatchObject([
    {
      step: 'all',
      stage: 'sync',
      state: 'running',
      milliseconds: null,
      sources: [{ source: 'hr', milliseconds: 1 }],
    },
  ])
})

test('its sources stand in their order once it has ended, and a step that was not begun is noted, too', () => {
  const outcome = (step: string, state: 'done' | 'skipped', sources: readonly SourceOutcome[]): JobEvent => ({
    kind: 'step ended',
    outcome: { step, stage: 'sync', state, warning: false, sources, milliseconds: 7 },
  })
  const { steps } = after(
    began,
    ended(done('ad')),
    ended(done('hr')),
    outcome('all', 'done', [done('hr'), done('ad')]),
    outcome('last', 'skipped', []),
  )
  expect(steps).toMatchObject([
    { step: 'all', state: 'done', sources: [{ source: 'hr' }, { source: 'ad' }] },
    { step: 'last', stage: 'age', state: 'skipped', sources: [] },
  ])
})

test('tries that failed are told while the source waits, and when it has ended', () => {
  const tried: JobEvent = {
    kind: 'source retried',
    step: 'all',
    source: 'hr',
    next: { reason: 'It is away.', number: 1, of: 3, wait: 10 },
  }
  const waiting = after(began, tried, tried)
  const failedTries = [
    { at: at.toISOString(), reason: 'It is away.' },
    { at: at.toISOString(), reason: 'It is away.' },
  ]
  expect(waiting.steps[0]?.sources).toMatchObject([{ state: 'waiting', reason: 'It is away.', failedTries }])
  const over = after(began, tried, tried, ended(done('hr')))
  expect(over.steps[0]?.sources).toMatchObject([{ state: 'done', reason: null, failedTries }])
  expect(executionSchema.parse(over)).toEqual(over)
})

test('an error is told with its code and what to do; one that is none of ours as a defect', () => {
  const error = new UnknownSourceError('hq', ['hr'])
  const failed = (thrown: unknown): JobEvent =>
    ended({ source: 'hr', state: 'failed', reason: 'No.', reports: [], error: thrown, milliseconds: 0 })
  expect(after(began, failed(error)).steps[0]?.sources[0]?.error).toEqual({
    code: error.code,
    message: error.message,
    remedy: error.remedy,
  })
  expect(after(began, failed('odd')).steps[0]?.sources[0]?.error).toEqual({
    code: 'SLUICE-DEFECT',
    message: 'odd',
    remedy: null,
  })
  const long = failedExecution(begun, new Error('x'.repeat(10_000)), at)
  expect(long).toMatchObject({ state: 'failed', finishedAt: at.toISOString() })
  expect(long.error?.message).toHaveLength(2000)
})

test('its end is that of its report', () => {
  const report = {
    job: 'nightly',
    state: 'held',
    startedAt: '',
    finishedAt: at.toISOString(),
    steps: [],
  } as const
  expect(endedExecution(begun, report)).toMatchObject({ state: 'held', finishedAt: at.toISOString() })
})
