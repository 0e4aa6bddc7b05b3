import { expect, test } from 'vitest'
import { sourceTrendOf } from './source-trend.ts'

test('rows that were rejected are not among those that were taken, and ages are hours', () => {
  const runs = [
    { run: 3, at: '2026-11-30T08:15:59Z', read: 22, rejected: 2, faulty: 0, age: null },
    { run: 7, at: '2026-12-01T08:15:00.5Z', read: 20, rejected: 0, faulty: 1, age: 86_399_500 },
  ]
  expect(sourceTrendOf(runs)).toEqual({
    runs: [3, 7],
    times: ['2026-11-30 08:15', '2026-12-01 08:15'],
    taken: [20, 20],
    rejected: [2, 0],
    faulty: [0, 1],
    age: [null, 24],
  })
})
