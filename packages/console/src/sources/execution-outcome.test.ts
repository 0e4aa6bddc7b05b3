import { expect, test } from 'vitest'
import { outcomeOf } from './execution-outcome.ts'

const changes = { inserted: 0, updated: 0, deleted: 0 }
const done = {
  source: 'hr',
  state: 'done' as const,
  reason: null,
  runs: [7],
  changes,
  rejected: 0,
  failedTries: [],
  error: null,
  milliseconds: 1,
}
const step = { step: 'sync', stage: 'sync' as const, state: 'done' as const, warning: false, milliseconds: 1 }

test('what went well has its runs and says nothing', () => {
  expect(outcomeOf({ error: null, steps: [{ ...step, sources: [done] }] })).toEqual({
    runs: [7],
    says: undefined,
  })
})

test('an error says what to do, and comes before a reason without one', () => {
  const error = { code: 'SLUICE-X-01', message: 'It is away.', remedy: 'Wait.' }
  const failed = { ...done, runs: [], reason: 'It is away.', error }
  expect(outcomeOf({ error: null, steps: [{ ...step, sources: [failed] }] }).says).toBe('It is away. Wait.')
  const held = { ...done, reason: 'Run 7 is held.' }
  expect(outcomeOf({ error: null, steps: [{ ...step, sources: [held] }] }).says).toBe('Run 7 is held.')
  expect(outcomeOf({ error: { ...error, remedy: null }, steps: [] }).says).toBe('It is away.')
})
