import { describe, expect, test } from 'vitest'
import { differenceOf, lineOf, pairsOf } from './change-values.ts'

const change = {
  kind: 'entity',
  entityType: 'Person',
  operation: 'update',
  resourceId: '7',
  key: '1005',
  before: { phone: '+49 30 1', floor: null, department: 'Sales' },
  after: { phone: '+49 30 2', floor: 3, department: null },
  drift: false,
} as const

describe('the values of a change', () => {
  test('stand side by side, in the order of names', () => {
    expect(pairsOf(change)).toEqual([
      { property: 'department', before: 'Sales', after: undefined },
      { property: 'floor', before: undefined, after: '3' },
      { property: 'phone', before: '+49 30 1', after: '+49 30 2' },
    ])
  })

  test('are told in one line', () => {
    expect(lineOf(change)).toBe('department: Sales → ∅ · floor: ∅ → 3 · phone: +49 30 1 → +49 30 2')
    expect(lineOf({ ...change, operation: 'delete', after: null })).toBe(
      'department: Sales · phone: +49 30 1',
    )
  })

  test('differ between what they share at both ends', () => {
    expect(differenceOf('Head of Sales', 'Head of Law & Sales')).toEqual({
      start: 'Head of ',
      before: '',
      after: 'Law & ',
      end: 'Sales',
    })
    expect(differenceOf('aa', 'a')).toEqual({ start: 'a', before: 'a', after: '', end: '' })
    expect(differenceOf('a😀', 'a😁')).toEqual({ start: 'a', before: '😀', after: '😁', end: '' })
  })
})
