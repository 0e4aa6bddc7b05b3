import { expect, test } from 'vitest'
import { Silence } from './silence.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Deliveries by the time at which they were heard of, and their age as a database says it. */
const of = (ages: Readonly<Record<string, number>>, heardAt = 'at first') =>
  Object.entries(ages).map(([id, age]) => ({ id, heardAt, age }))

function silence() {
  let time = 1000
  const watched = new Silence(() => time)
  return {
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    look: (arriving: ReturnType<typeof of>) => watched.longerThan(hour, arriving).map(({ id }) => id),
  }
}

test('what was silent before this process began is known from the database', () => {
  const { look } = silence()
  expect(look(of({ old: 2 * hour, young: minute }))).toEqual(['old'])
})

test('a clock that is set forward by a day gives up nothing, and what stays silent goes in its time', () => {
  const { look, pass } = silence()
  expect(look(of({ one: minute }))).toEqual([])
  pass(minute)
  expect(look(of({ one: day + 2 * minute }))).toEqual([])
  pass(57 * minute)
  expect(look(of({ one: day + 59 * minute }))).toEqual([])
  pass(2 * minute)
  expect(look(of({ one: day + 61 * minute }))).toEqual(['one'])
})

test('a clock that is set back by a day keeps nothing for that day', () => {
  const { look, pass } = silence()
  expect(look(of({ one: minute }))).toEqual([])
  pass(hour)
  expect(look(of({ one: -day }))).toEqual(['one'])
})

test('what is heard of begins anew, and is not older than the last look, whatever the clock says', () => {
  const { look, pass } = silence()
  expect(look(of({ one: 59 * minute }))).toEqual([])
  pass(2 * minute)
  expect(look(of({ one: day }, 'again'))).toEqual([])
  pass(59 * minute)
  expect(look(of({ one: day + hour }, 'again'))).toEqual(['one'])
})
