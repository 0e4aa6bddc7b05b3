import { expect, test } from 'vitest'
import { PieceSize } from './piece-size.ts'

const mebibyte = 1024 * 1024

test('pieces get smaller until they pass, down to a floor', () => {
  const pieces = new PieceSize()
  const tried: number[] = []
  do tried.push(pieces.bytes)
  while (pieces.tooLarge(pieces.bytes))
  expect(tried).toEqual([64, 16, 4, 1, 1 / 4, 1 / 16].map((size) => size * mebibyte))
})

test('the last piece of a file, which is smaller, says as much of the limit', () => {
  const pieces = new PieceSize()
  expect(pieces.tooLarge(2 * mebibyte)).toBe(true)
  expect(pieces.bytes).toBe(mebibyte / 2)
  expect(pieces.tooLarge(mebibyte)).toBe(true)
  expect(pieces.bytes).toBe(mebibyte / 4)
})

test('a connection that breaks never makes them tiny', () => {
  const pieces = new PieceSize()
  for (let times = 0; times < 10; times += 1) pieces.cutOff(pieces.bytes)
  expect(pieces.bytes).toBe(mebibyte)
  pieces.tooLarge(mebibyte)
  pieces.cutOff(pieces.bytes)
  expect(pieces.bytes).toBe(mebibyte / 4)
})
