import { expect, test } from 'vitest'
import { runSearch, runsSearch } from './runs-search.ts'

test('an address is taken as far as it is understood', () => {
  expect(runsSearch({ source: 'hr', state: 'lost', other: 1 })).toEqual({ source: 'hr', state: undefined })
  expect(runSearch({ tab: 'changes', key: 1005, operation: 'merge', type: '' })).toMatchObject({
    tab: 'changes',
    key: '1005',
    operation: undefined,
    type: undefined,
  })
})
