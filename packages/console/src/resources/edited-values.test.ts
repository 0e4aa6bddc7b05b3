import { describe, expect, test } from 'vitest'
import { changedValues, enteredOf, sentValue } from './edited-values.ts'

describe('a value that somebody typed', () => {
  test('is sent as its property takes it', () => {
    expect(sentValue({ type: 'string' }, { text: 'Ada' })).toBe('Ada')
    expect(sentValue({ type: 'integer' }, { text: '12345678901234567890' })).toBe('12345678901234567890')
    expect(sentValue({ type: 'boolean' }, { text: 'false' })).toBe(false)
    expect(sentValue({ type: 'reference' }, { text: 'Ada', id: '7' })).toEqual({ id: '7' })
    expect(sentValue({ type: 'reference' }, { text: 'Ada' })).toBe('Ada')
    expect(sentValue({ type: 'file' }, { text: 'a.txt', content: 'eA==', mediaType: '' })).toEqual({
      content: 'eA==',
      name: 'a.txt',
    })
  })

  test('empties where nothing is left of it', () => {
    expect(sentValue({ type: 'string' }, { text: '' })).toBeNull()
    expect(sentValue({ type: 'file' }, { text: '' })).toBeNull()
  })
})

test('only what is not as it was is sent', () => {
  const properties = [
    { name: 'name', type: 'string', required: true },
    { name: 'floor', type: 'integer', required: false },
    { name: 'manager', type: 'reference', to: 'Person', required: false },
  ] as const
  const before = { name: enteredOf('Ada', null), floor: enteredOf(3, null), manager: enteredOf('Bob', '8') }
  expect(changedValues(properties, before, before)).toEqual({})
  expect(changedValues(properties, before, { ...before, floor: { text: '' } })).toEqual({ floor: null })
  // Another one of the same name.
  expect(changedValues(properties, before, { manager: { text: 'Bob', id: '9' } })).toEqual({
    manager: { id: '9' },
  })
  expect(changedValues(properties, {}, { name: { text: 'New' }, floor: { text: '' } })).toEqual({
    name: 'New',
  })
})
