/**
 * Pages that bring their own files tell what happens. `npx vitest run tools/pages.test.ts -u` writes them anew.
 */
import { expect, test } from 'vitest'
import { hasDebianDump } from '../test/debian-postgres.ts'
import { playDocumentedPage, playedPages } from '../test/played-pages.ts'

test.each(playedPages)('docs/%s.md tells what happens', async (name) => {
  const { path, played } = await playDocumentedPage(name)
  await expect(played).toMatchFileSnapshot(path)
})

// The programs of Debian's PostgreSQL, which dump no newer server than their own.
test.runIf(hasDebianDump)('docs/backup-and-restore.md tells what happens', async () => {
  const { path, played } = await playDocumentedPage('backup-and-restore', {
    kind: 'postgres-15',
    keepsFolders: true,
  })
  await expect(played).toMatchFileSnapshot(path)
})
