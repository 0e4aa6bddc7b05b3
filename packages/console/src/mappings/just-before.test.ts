import { expect, test } from 'vitest'
import { justBefore } from './just-before.ts'

test('what begins so stands behind it, and so does the text itself', () => {
  const names = ['wea', 'web', 'web1', 'web2', 'wec']
  const behind = (start: string) => names.filter((name) => name > (justBefore(start) ?? ''))
  expect(behind('web')).toEqual(['web', 'web1', 'web2', 'wec'])
  expect(behind('')).toEqual(names)
})
