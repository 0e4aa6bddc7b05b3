/**
 * docs/api.md is what the sources say. `npx vitest run tools/api-page.test.ts --update` writes it anew.
 */
import { expect, test } from 'vitest'
import { apiPage } from './api-page.ts'

test('docs/api.md has everything that the library exports, as it is documented', async () => {
  await expect(apiPage()).toMatchFileSnapshot('../docs/api.md')
})
