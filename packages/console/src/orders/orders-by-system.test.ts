import { expect, test } from 'vitest'
import { isOpen, ordersBySystem } from './orders-by-system.ts'

test('systems stand by the oldest order that is not carried out', () => {
  expect(
    ordersBySystem([
      { source: 'ad', state: 'executed', count: 5, oldest: '2026-01-01T00:00:00Z' },
      { source: 'ad', state: 'pending', count: 1, oldest: '2026-03-01T00:00:00Z' },
      { source: 'hr', state: 'contradicted', count: 2, oldest: '2026-02-01T00:00:00Z' },
      { source: 'hr', state: 'pending', count: 3, oldest: '2026-02-05T00:00:00Z' },
      { source: 'cmdb', state: 'executed', count: 4, oldest: '2026-01-01T00:00:00Z' },
    ]),
  ).toEqual([
    { source: 'hr', counts: { contradicted: 2, pending: 3 }, oldestOpen: '2026-02-01T00:00:00Z' },
    { source: 'ad', counts: { executed: 5, pending: 1 }, oldestOpen: '2026-03-01T00:00:00Z' },
    { source: 'cmdb', counts: { executed: 4 }, oldestOpen: null },
  ])
})

test('what was taken back or superseded is over', () => {
  expect(isOpen({ state: 'executed' })).toBe(true)
  expect(isOpen({ state: 'cancelled' })).toBe(false)
})
