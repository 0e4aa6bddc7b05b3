import { expect, test } from 'vitest'
import { safeReturn } from './return-to.ts'

test('a page of the console is gone back to, and nothing else', () => {
  expect(safeReturn('runs/12?tab=changes#x')).toBe('runs/12?tab=changes')
  expect(safeReturn('')).toBe('')
  for (const elsewhere of [
    'https://evil.example',
    '//evil.example/console/',
    '\\\\evil.example',
    '/\\evil.example',
    '/docs',
    '../docs',
    'runs/../../docs',
    'javascript:alert(1)',
    'http://here:80@evil.example/console/',
    `runs?${'x'.repeat(3000)}`,
  ])
    expect(safeReturn(elsewhere), elsewhere).toBe('')
  // What begins with slashes below the console stays below it.
  expect(`../../console/${safeReturn('/console//evil.example')}`).toBe('../../console//evil.example')
})
