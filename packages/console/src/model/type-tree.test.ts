import { expect, test } from 'vitest'
import { familyOf, typeTree } from './type-tree.ts'

const types = [
  { type: 'Server', extends: 'Device' },
  { type: 'Person', extends: null },
  { type: 'Device', extends: null },
  { type: 'Router', extends: 'Device' },
]

test('types stand below those that they extend, by name', () => {
  expect(typeTree(types).map(({ type, depth }) => `${depth} ${type.type}`)).toEqual([
    '0 Device',
    '1 Router',
    '1 Server',
    '0 Person',
  ])
})

test('a family is a type and all that extend it', () => {
  expect(familyOf(types, 'Device')).toEqual(['Device', 'Server', 'Router'])
})
