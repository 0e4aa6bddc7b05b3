import { expect, test } from 'vitest'
import { PageSize } from './page-size.ts'

const rows = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => ({ name: 'x'.repeat(length), index }))

function sizes(length: number): readonly number[] {
  const pages = new PageSize()
  return Array.from({ length: 5 }, () => {
    const { rows: size } = pages
    pages.learn(rows(size, length))
    return size
  })
}

test('pages of narrow rows grow to some thousand', () => {
  expect(sizes(5)).toEqual([100, 500, 2500, 5000, 5000])
})

test('pages of wide rows hold some hundred thousand characters', () => {
  const [, second = 0, ...later] = sizes(20_000)
  expect(second).toBe(9)
  expect(later).toEqual([9, 9, 9])
})

test('a page has one row at least', () => {
  expect(sizes(2_000_000).slice(1)).toEqual([1, 1, 1, 1])
})

test('one wide row among many makes the next page smaller, wherever it stands', () => {
  const pages = new PageSize()
  pages.learn([...rows(10, 10), ...rows(1, 50_000), ...rows(9, 10)])
  expect(pages.rows).toBeLessThan(25)
})
