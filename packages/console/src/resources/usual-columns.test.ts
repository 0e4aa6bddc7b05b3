import { expect, test } from 'vitest'
import { leadingColumn, usualColumns } from './usual-columns.ts'

const properties = (...names: readonly string[]) =>
  names.map((name) => ({ name, type: 'string', required: false }) as const)

test('a list shows first what resources are called, and only some of many properties', () => {
  const type = { display: 'name', properties: properties('code', 'name', 'a', 'b', 'c', 'd', 'e', 'f', 'g') }
  expect(usualColumns(type)).toEqual(['name', 'code', 'a', 'b', 'c', 'd', 'e'])
  expect(leadingColumn(type, ['code', 'name'])).toBe('name')
  expect(leadingColumn(type, ['code', 'a'])).toBe('code')
})

test('files and secrets are not among them', () => {
  const photo = { name: 'photo', type: 'file', required: false } as const
  expect(usualColumns({ properties: [photo, ...properties('code')] })).toEqual(['code'])
})
