/**
 * What is said of functions is what they are.
 */
import { expect, test } from 'vitest'
import { functions } from './functions.ts'
import { signatures } from './signatures.ts'

test('every function has a signature, and nothing else has', () => {
  expect([...signatures.keys()].sort()).toEqual([...functions.keys()].sort())
})

test.each([...signatures])('%s takes as many arguments as its signature says', (name, { call }) => {
  const inside = /^\((.*?)\)(?: →|$)/.exec(call)?.[1] ?? ''
  const parts = inside === '' ? [] : inside.split(', ').filter((part) => !part.startsWith('…'))
  const required = parts.filter((part) => !part.startsWith('['))
  const optional = parts.map((part) => /^\[(\w+)/.exec(part)?.[1]).filter((one) => one !== undefined)
  const known = functions.get(name)
  expect(known?.least).toBe(required.length)
  if (known === undefined || known.named === 'any') return
  // What is written with its name may be one that has to be given by name.
  expect(known.most).toBeGreaterThanOrEqual(parts.filter((part) => !part.includes(':=')).length)
  expect(known.most).toBeLessThanOrEqual(parts.length)
  for (const parameter of known.named) expect(optional).toContain(parameter)
})
