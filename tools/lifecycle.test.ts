import { expect, test } from 'vitest'
import { describedNames, lifecyclePage } from './lifecycle-page.ts'

test('every state and event is described where it is declared', () => {
  expect(describedNames().filter(({ text }) => text === undefined)).toEqual([])
})

test('docs/run-lifecycle.md says what the tables say', async () => {
  await expect(lifecyclePage()).toMatchFileSnapshot('../docs/run-lifecycle.md')
})
