import { expect, test } from 'vitest'
import { isRemovable } from './linked.ts'

test('people remove what people have linked', () => {
  const person = [{ source: null, properties: {} }]
  const source = [{ source: 'ad', properties: {} }]
  expect(isRemovable({ kind: 'association', asserted: person })).toBe(true)
  expect(isRemovable({ kind: 'association', asserted: source })).toBe(false)
  expect(isRemovable({ kind: 'reference', asserted: person })).toBe(false)
})
