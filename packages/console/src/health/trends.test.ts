import { expect, test } from 'vitest'
import { trendOf } from './trends.ts'

const figures = (day: string, resources: number, filled: number) => ({
  day,
  resources,
  properties: [{ property: 'phone', filled, orphans: 1, flapping: 0 }],
})

test('what stands now is the last day, in the place of what was kept of it', () => {
  const history = [figures('2026-11-28', 8, 4), figures('2026-11-30', 8, 5)]
  expect(trendOf('phone', history, figures('2026-11-30', 9, 6))).toEqual({
    days: ['2026-11-28', '2026-11-30'],
    known: [50, 66.7],
    missing: [4, 3],
    orphans: [1, 1],
    flapping: [0, 0],
  })
})

test('a day without the property, or without resources, has no share', () => {
  const { known, missing } = trendOf(
    'phone',
    [{ day: '2026-11-28', resources: 3, properties: [] }, figures('2026-11-29', 0, 0)],
    figures('2026-11-30', 2, 2),
  )
  expect(known).toEqual([null, null, 100])
  expect(missing).toEqual([null, 0, 0])
})
