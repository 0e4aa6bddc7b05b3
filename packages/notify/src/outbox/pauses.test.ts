import { expect, test } from 'vitest'
import { Pauses, type Waiting } from './pauses.ts'

const [hour, day] = [3_600_000, 86_400_000]

function waiting(of: Partial<Waiting> = {}): Waiting {
  return {
    id: 'a',
    receiver: 'ops',
    attempts: 1,
    dueAt: '2026-11-30T03:00:00Z',
    rest: hour,
    putOff: hour,
    age: 2 * hour,
    ...of,
  }
}

/** A process whose own time is what a test sets. */
function process() {
  let now = 0
  const pauses = new Pauses(() => now)
  return {
    pauses,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    due: (...all: readonly Waiting[]) => pauses.due(all).map(({ id }) => id),
  }
}

test('one that waits is due when its time is over', () => {
  const { due, pass } = process()
  expect(due(waiting())).toEqual([])
  pass(hour - 1)
  expect(due(waiting({ rest: 1 }))).toEqual([])
  pass(1)
  expect(due(waiting({ rest: 0 }))).toEqual(['a'])
})

test.each([
  ['back', day],
  ['on', -day],
])('a clock that is set %s by a day neither delays it nor hurries it', (_, by) => {
  const { due, pass } = process()
  due(waiting())
  pass(hour / 2)
  expect(due(waiting({ rest: hour / 2 + by }))).toEqual([])
  pass(hour / 2)
  expect(due(waiting({ rest: by }))).toEqual(['a'])
})

test('one that was put off again, or is wanted at once, is looked at again', () => {
  const { due, pass } = process()
  due(waiting())
  expect(due(waiting({ dueAt: '2026-11-30T02:00:00Z', rest: 0, putOff: 0 }))).toEqual(['a'])
  expect(due(waiting({ dueAt: '2026-11-30T04:00:00Z', rest: hour }))).toEqual([])
  pass(hour)
  expect(due(waiting({ dueAt: '2026-11-30T04:00:00Z', rest: 0 }))).toEqual(['a'])
})

test('one that a process sees first after the clock was set back is due at once, and not in a day', () => {
  expect(process().due(waiting({ rest: day + hour }))).toEqual(['a'])
})

test('those that nobody can send grow old by the time of this process, whatever the clock says', () => {
  const { pauses, pass } = process()
  const one = waiting({ age: hour })
  pauses.due([one])
  const old = () => pauses.olderThan(day, [waiting({ age: hour + day })]).length
  expect(old()).toBe(0)
  pass(day - hour)
  pauses.due([one])
  expect(old()).toBe(0)
  pass(1)
  expect(old()).toBe(1)
})
