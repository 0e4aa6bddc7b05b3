import { expect, test } from 'vitest'
import { roundedPath } from './rounded-path.ts'

test('a line goes from its first point to its last, around its corners', () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ]),
  ).toBe('M 0 0 L 100 0')
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 50 },
    ]),
  ).toBe('M 0 0 L 94 0 Q 100 0 100 6 L 100 50')
})

test('a corner takes half of a short part at most', () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 50 },
    ]),
  ).toBe('M 0 0 L 2 0 Q 4 0 4 6 L 4 50')
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 0, y: 0 },
      { x: 4, y: 0 },
    ]),
  ).toBe('M 0 0 L 0 0 Q 0 0 2 0 L 4 0')
})
