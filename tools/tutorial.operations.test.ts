/**
 * docs/federation.md as `npm run federation` plays it: on PGlite, which every command opens anew.
 */
import { expect, test } from 'vitest'
import { openTutorial } from '../test/tutorials.ts'

test('an embedded repository tells the same story', async () => {
  await using example = await openTutorial('federation')
  await expect(await example.playPage()).toMatchFileSnapshot(example.page)
})
