import { expect, test } from 'vitest'
import { auditQuery, peopleSearch } from './people-search.ts'

test('what the address says is taken where it is understood, and passed over where not', () => {
  expect(
    peopleSearch({ tab: 'audit', who: 'ada', action: 'signIn', from: '2026-11-01', to: '2026-11-30' }),
  ).toEqual({
    tab: 'audit',
    who: 'ada',
    action: 'signIn',
    from: '2026-11-01',
    to: '2026-11-30',
  })
  expect(peopleSearch({ who: 7 })).toEqual({ who: '7' })
  expect(
    peopleSearch({ tab: 'nonsense', who: '', action: {}, from: 'soon', to: '2026-99-99', x: 1 }),
  ).toEqual({})
})

test('days are those of the reader, and the last one is over at its end', () => {
  const { from = '', to = '' } = auditQuery({ from: '2026-11-30', to: '2026-11-30' })
  expect(new Date(from).getHours()).toBe(0)
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
  expect(auditQuery({ who: 'ada' })).toEqual({ who: 'ada' })
})
