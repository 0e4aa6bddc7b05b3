import { expect, test } from 'vitest'
import { Life } from './state-table.ts'

/** A door that is locked for ever once it is broken. */
const door = new Life<'shut' | 'open' | 'broken', 'pushed' | 'pulled' | 'kicked'>({
  states: ['shut', 'open', 'broken'],
  events: ['pushed', 'pulled', 'kicked'],
  start: 'shut',
  table: {
    shut: { pushed: 'open', pulled: 'shut', kicked: 'broken' },
    open: { pushed: 'ignored', pulled: 'shut', kicked: 'broken' },
    broken: { pushed: 'ignored', pulled: 'broken', kicked: 'ignored' },
  },
})

test('tells which states take an event, also when it leaves them as they are', () => {
  expect(door.statesThatTake('pulled')).toEqual(['shut', 'open', 'broken'])
  expect(door.statesThatTake('pushed')).toEqual(['shut'])
  expect(door.takes('open', 'pushed')).toBe(false)
  expect(door.outcomeOf('pushed', 'open')).toBe('ignored')
  expect(door.outcomeOf('pulled', 'open')).toBe('shut')
})

test('names the one state that an event leads to, and none for an event that leads to several', () => {
  expect(door.destinationOf('kicked')).toBe('broken')
  expect(() => door.destinationOf('pulled')).toThrow('pulled')
})

test('takes a state for final that no event leaves, though one may come back to it', () => {
  expect(door.open).toEqual(['shut', 'open'])
  expect(door.final).toEqual(['broken'])
  expect([door.isOpen('shut'), door.isOpen('broken')]).toEqual([true, false])
})

test('tells which states say that an event has happened', () => {
  expect(door.reachable()).toEqual(['shut', 'open', 'broken'])
  expect(door.reachable('pushed')).toEqual(['shut', 'broken'])
  expect(door.statesOnlyAfter('pushed')).toEqual(['open'])
  expect(door.statesOnlyAfter('kicked')).toEqual(['broken'])
})
