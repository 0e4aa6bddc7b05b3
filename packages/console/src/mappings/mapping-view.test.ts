import { expect, test } from 'vitest'
import { readMappingView, writeMappingView } from './mapping-view.ts'

test('an address keeps what is looked at, and passes over what it does not know', () => {
  const view = { file: 'maps/hosts.tpl', tab: 'drawing', root: '17' } as const
  expect(readMappingView(writeMappingView(view))).toEqual(view)
  expect(readMappingView({ tab: 'nonsense', root: 17 })).toEqual({
    file: undefined,
    tab: 'result',
    root: '17',
  })
  expect(writeMappingView(readMappingView({}))).toEqual({})
})
