import { expect, test } from 'vitest'
import { besides, commandOf } from './match-keys.ts'

test('a number chooses a candidate that is there', () => {
  expect(commandOf('2', 3)).toEqual({ kind: 'link', candidate: 1 })
  expect(commandOf('4', 3)).toBeUndefined()
  expect(commandOf('0', 3)).toBeUndefined()
})

test('letters decide, skip and take back', () => {
  expect(['n', 'i', 's', 'u', 'x'].map((key) => commandOf(key, 1)?.kind)).toEqual([
    'create',
    'ignore',
    'skip',
    'undo',
    undefined,
  ])
})

test('the next row follows, and the last one stays', () => {
  const rows = ['a', 'b', 'c']
  expect(besides(rows, (row) => row === 'a', 1)).toBe('b')
  expect(besides(rows, (row) => row === 'c', 1)).toBe('c')
  expect(besides(rows, (row) => row === 'a', -1)).toBe('a')
  expect(besides(rows, () => false, 1)).toBe('a')
  expect(besides([], () => false, 1)).toBeUndefined()
})
