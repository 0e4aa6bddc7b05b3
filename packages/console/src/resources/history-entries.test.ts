import { expect, test } from 'vitest'
import { changesAfter, valueChanges, whoDid } from './history-entries.ts'

const entry = {
  resourceId: '1',
  run: 3,
  at: null,
  cause: 'edit',
  by: { kind: 'token', name: 'ann' },
  comment: null,
  approvedBy: null,
  source: null,
  entityType: 'Person',
  operation: 'update',
  key: null,
  before: { title: 'a', floor: 1, same: 'x' },
  after: { title: 'b', floor: null, same: 'x' },
} as const

test('a change names what differs, before and after', () => {
  expect(valueChanges(entry)).toEqual([
    { property: 'title', before: 'a', after: 'b' },
    { property: 'floor', before: '1', after: '' },
  ])
  expect(valueChanges({ before: null, after: { name: 'Ada' } })).toEqual([
    { property: 'name', before: '', after: 'Ada' },
  ])
})

test('a source did what it said, people what they set', () => {
  expect(whoDid(entry)).toBe('ann')
  expect(whoDid({ ...entry, source: 'hr' })).toBe('hr')
})

test('what was changed since a run, and by whom last', () => {
  const newer = { ...entry, run: 5, source: 'hr', before: { title: 'b' }, after: { title: 'c' } }
  expect(changesAfter([newer, entry], 2)).toEqual([
    { property: 'title', who: 'hr', run: 5 },
    { property: 'floor', who: 'ann', run: 3 },
  ])
  expect(changesAfter([newer, entry], 5)).toEqual([])
})
