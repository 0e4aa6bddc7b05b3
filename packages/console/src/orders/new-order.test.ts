import { expect, test } from 'vitest'
import { emptyOrder, isComplete, orderOf } from './new-order.ts'

const typed = {
  ...emptyOrder,
  source: 'ad',
  of: 'Person',
  resource: 'ada@example.com',
  property: 'phone',
  value: '1',
}

test('an order is sent as what it is about', () => {
  expect(orderOf(typed)).toEqual({
    source: 'ad',
    entityType: 'Person',
    resource: 'ada@example.com',
    values: { phone: '1' },
  })
  expect(orderOf({ ...typed, value: '' })).toMatchObject({ values: { phone: null } })
  expect(orderOf({ ...typed, kind: 'row', existence: 'gone' })).toEqual({
    source: 'ad',
    entityType: 'Person',
    resource: 'ada@example.com',
    existence: 'gone',
  })
  expect(
    orderOf({ ...typed, kind: 'link', of: 'Membership', to: 'app-git', due: '2026-12-01T08:00' }),
  ).toEqual({
    source: 'ad',
    association: 'Membership',
    from: 'ada@example.com',
    to: 'app-git',
    existence: 'exists',
    dueAt: new Date('2026-12-01T08:00').toISOString(),
  })
})

test('an order is not sent before all is typed that it needs', () => {
  expect(isComplete(emptyOrder)).toBe(false)
  expect(isComplete(typed)).toBe(true)
  expect(isComplete({ ...typed, property: '' })).toBe(false)
  expect(isComplete({ ...typed, kind: 'row', property: '' })).toBe(true)
  expect(isComplete({ ...typed, kind: 'link' })).toBe(false)
})
