import type { OrderRecord } from '@sluice/model'
import { expect, test } from 'vitest'
import { isOpen, ordersBySystem } from './orders-by-system.ts'

const order = (source: string, state: OrderRecord['state'], orderedAt: string): OrderRecord => ({
  order: 'o',
  source,
  entityType: 'Person',
  association: null,
  key: '1',
  to: null,
  property: 'phone',
  expected: 'x',
  asserted: null,
  instead: null,
  there: true,
  state,
  orderedAt,
  dueAt: null,
  by: 'ann',
  since: orderedAt,
  run: null,
})

test('systems stand by the oldest order that is not carried out', () => {
  expect(
    ordersBySystem([
      order('ad', 'executed', '2026-01-01T00:00:00Z'),
      order('ad', 'pending', '2026-03-01T00:00:00Z'),
      order('hr', 'contradicted', '2026-02-01T00:00:00Z'),
      order('hr', 'pending', '2026-02-05T00:00:00Z'),
      order('cmdb', 'executed', '2026-01-01T00:00:00Z'),
    ]),
  ).toEqual([
    { source: 'hr', counts: { contradicted: 1, pending: 1 }, oldestOpen: '2026-02-01T00:00:00Z' },
    { source: 'ad', counts: { executed: 1, pending: 1 }, oldestOpen: '2026-03-01T00:00:00Z' },
    { source: 'cmdb', counts: { executed: 1 }, oldestOpen: null },
  ])
})

test('what was taken back or superseded is over', () => {
  expect(isOpen({ state: 'executed' })).toBe(true)
  expect(isOpen({ state: 'cancelled' })).toBe(false)
})
