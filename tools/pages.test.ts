/**
 * Pages that bring their own files tell what happens. `npx vitest run tools/pages.test.ts -u` writes them anew.
 */
import { expect, test } from 'vitest'
import { playDocumentedPage } from '../test/played-pages.ts'

test.each(['first-hour', 'held-runs', 'thresholds', 'similar-sources', 'display-names', 'dropped-files', 'library'])(
  'docs/%s.md tells what happens',
  { timeout: 180_000 },
  async (name) => {
    const { path, played } = await playDocumentedPage(name)
    await expect(played).toMatchFileSnapshot(path)
  },
)
