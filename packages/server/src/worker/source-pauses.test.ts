import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Obstruction, SourcePauses } from './source-pauses.ts'

const hr = { source: 'hr', newest: 'first' }
const ad = { source: 'ad', newest: 'other' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Failures until the pause is longer than a second, and that second. */
function failOften(pauses: SourcePauses, one: typeof hr, because: Obstruction): void {
  for (let failure = 0; failure < 2; failure += 1) pauses.begin(one, because)
  vi.advanceTimersByTime(1000)
}

test('a source rests after a failure, twice as long each time, and a minute at most', () => {
  const pauses = new SourcePauses()
  expect(pauses.rests(hr)).toBe(false)
  const lengths = Array.from({ length: 8 }, () => pauses.begin(hr, 'source'))
  expect(lengths).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  expect(pauses.rests(hr)).toBe(true)
  expect(pauses.rests(ad)).toBe(false)
})

test('it does not rest when something new has come, and after that as long as it would have', () => {
  const pauses = new SourcePauses()
  pauses.begin(hr, 'source')
  const later = { ...hr, newest: 'second' }
  expect(pauses.rests(later)).toBe(false)
  expect(pauses.begin(later, 'source')).toBe(2000)
  expect(pauses.rests(later)).toBe(true)
})

test('after a run that ended well the next failure is the first', () => {
  const pauses = new SourcePauses()
  pauses.begin(hr, 'source')
  pauses.end('hr')
  expect(pauses.begin(hr, 'source')).toBe(1000)
})

test('what was in the way of all is no reason to rest once a run of another source is applied', () => {
  const pauses = new SourcePauses()
  failOften(pauses, ad, 'source')
  for (let failure = 0; failure < 2; failure += 1) pauses.begin(ad, 'source')
  failOften(pauses, hr, 'machine')
  expect([pauses.rests(hr), pauses.rests(ad)]).toEqual([true, true])
  pauses.machineIsWell()
  expect([pauses.rests(hr), pauses.rests(ad)]).toEqual([false, true])
})

test.each<[Obstruction, boolean]>([
  ['database', false],
  ['loss', false],
  ['machine', true],
  ['source', true],
])('when the database is there again, a source that failed because of the %s rests: %s', (because, rests) => {
  const pauses = new SourcePauses()
  failOften(pauses, hr, because)
  expect(pauses.rests(hr)).toBe(true)
  expect(pauses.awaitDatabase).toBe(!rests)
  pauses.databaseIsThere()
  expect(pauses.rests(hr)).toBe(rests)
})

test('a source rests for a second all the same, so that no run is begun over and over', () => {
  const pauses = new SourcePauses()
  pauses.begin(hr, 'database')
  pauses.databaseIsThere()
  expect(pauses.rests(hr)).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(pauses.rests(hr)).toBe(false)
})

test('a source whose runs lose the database each time comes to rest: it may be they that end it', () => {
  const pauses = new SourcePauses()
  const rested = Array.from({ length: 4 }, () => {
    pauses.begin(hr, 'loss')
    vi.advanceTimersByTime(1000)
    pauses.databaseIsThere()
    return pauses.rests(hr)
  })
  expect(rested).toEqual([false, false, true, true])
})
