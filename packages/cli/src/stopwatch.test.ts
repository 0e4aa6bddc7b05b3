import { expect, test } from 'vitest'
import { Stopwatch } from './stopwatch.ts'

test('the first report has waited since the start, the next ones since the one before', () => {
  let now = 100
  const stopwatch = new Stopwatch(0, () => now)
  stopwatch.opened()
  now = 250
  expect(stopwatch.lap()).toEqual({ total: 250, opening: 100 })
  now = 300
  expect(stopwatch.lap()).toEqual({ total: 50, opening: 0 })
})
