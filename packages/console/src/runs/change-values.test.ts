import { describe, expect, test } from 'vitest'
import { byName, labelsOf } from '../model/labels.ts'
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

const state = { type: 'enum', values: ['active'], valueLabels: { active: { de: 'Aktiv' } } } as const
const labels = labelsOf({
  types: new Map([
    [
      'Person',
      {
        name: 'Person',
        abstract: false,
        properties: [
          { name: 'phone', labels: { de: 'Anschluss' }, type: 'string', required: false },
          { name: 'state', labels: { de: 'Zustand' }, required: false, ...state },
        ],
      },
    ],
  ]),
  associations: [],
  sources: [],
})

describe('the values of a change', () => {
  test('stand side by side, in the order of names', () => {
    expect(pairsOf(change, byName)).toEqual([
      { property: 'department', label: 'department', before: 'Sales', after: undefined },
      { property: 'floor', label: 'floor', before: undefined, after: '3' },
      { property: 'phone', label: 'phone', before: '+49 30 1', after: '+49 30 2' },
    ])
  })

  test('are told in one line', () => {
    expect(lineOf(change, byName)).toBe('department: Sales → ∅ · floor: ∅ → 3 · phone: +49 30 1 → +49 30 2')
    expect(lineOf({ ...change, operation: 'delete', after: null }, byName)).toBe(
      'department: Sales · phone: +49 30 1',
    )
  })

  test('are told as the reader calls them, in the order of that', () => {
    const moved = { ...change, before: { state: null, phone: '1' }, after: { state: 'active', phone: '2' } }
    expect(lineOf(moved, labels)).toBe('Anschluss: 1 → 2 · Zustand: ∅ → Aktiv')
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
