/**
 * Pages that bring their own files tell what happens. `npx vitest run tools/pages.test.ts -u` writes them anew.
 */

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { databases } from '../test/databases.ts'
import { playDocumentedPage, playedPages } from '../test/played-pages.ts'

test.each(playedPages)('docs/%s.md tells what happens', { timeout: 180_000 }, async (name) => {
  const { path, played } = await playDocumentedPage(name)
  await expect(played).toMatchFileSnapshot(path)
})

// The programs of Debian's PostgreSQL, which dump no newer server than their own.
const dumps = databases.includes('postgres-15') && spawnSync('pg_dump', ['--version']).status === 0

test.runIf(dumps)('docs/backup-and-restore.md tells what happens', { timeout: 180_000 }, async () => {
  const { path, played } = await playDocumentedPage('backup-and-restore', {
    kind: 'postgres-15',
    keepsFolders: true,
  })
  await expect(played).toMatchFileSnapshot(path)
})
