import picocolors from 'picocolors'
import { expect, test } from 'vitest'
import { formatExcerpt } from './excerpt.ts'

const plain = picocolors.createColors(false)
const excerpt = (text: string, line?: number, column?: number) =>
  formatExcerpt({ line, column, severity: 'error' }, text, plain)

test('shows the line and points below it', () => {
  expect(excerpt('a: 1\nnumber: {typ: string}\n', 2, 10)).toEqual([
    '  2 | number: {typ: string}',
    '    |          ^',
  ])
})

test('points below wide characters, tabs and line ends of any kind', () => {
  expect(excerpt('x\r\n名: \tb\r\n', 2, 5)).toEqual(['  2 | 名:  b', '    |      ^'])
})

test('shows a long line around the place', () => {
  const [line = '', caret = ''] = excerpt(`${'a'.repeat(300)}!${'b'.repeat(300)}`, 1, 301)
  expect(line.length).toBeLessThan(120)
  expect(line[caret.indexOf('^')]).toBe('!')
})

test('shows nothing where nothing stands, or no place is known', () => {
  expect(excerpt('a\n', 7, 1)).toEqual([])
  expect(excerpt('\n', 1, 1)).toEqual([])
  expect(excerpt('a', 1)).toEqual([])
})

test('shows no line with a password', () => {
  expect(excerpt('repository: postgresql://sluice:hunter2@db/x', 1, 1)).toEqual([])
  expect(excerpt('  password: hunter2', 1, 3)).toEqual([])
  expect(excerpt('  token: $SLUICE_TOKEN', 1, 3)).toHaveLength(2)
})
