/**
 * Two containers that mount one folder, as after a pod was started anew elsewhere: they share neither process numbers nor,
 * where they are told apart at all, a host name.
 */
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { hasNamespaces, inContainer } from '../../../../test/containers.ts'
import { testLocation } from '../../../../test/databases.ts'
import { openPGlite } from './pglite.ts'

const script = fileURLToPath(new URL('../../test/open-folder.ts', import.meta.url))

async function folderOf(): Promise<string> {
  const { location, ...place } = await testLocation('pglite')
  onTestFinished(() => place[Symbol.asyncDispose]())
  if (location.kind !== 'folder') throw new Error('a folder')
  return location.path
}

test.skipIf(!hasNamespaces)('of one host name, the second is told that the folder is in use', async () => {
  const folder = await folderOf()
  await using first = inContainer('one', [script, folder])
  expect(await first.next()).toBe('open')
  await using second = inContainer('one', [script, folder])
  expect(await second.next()).toBe('SLUICE-REPOSITORY-04')
})

test.skipIf(!hasNamespaces)(
  'one that is paused in a statement writes nothing more when another has taken over',
  async () => {
    const folder = await folderOf()
    await using first = inContainer('one', [script, folder])
    expect(await first.next()).toBe('open')
    first.pause()
    {
      await using database = await openPGlite(folder, { beat: 200, expiry: 4000 })
      const size = async () => {
        const asked = `select pg_relation_size('public.numbers')::text as bytes`
        return (await database.session((session) => session.query(asked))).rows
      }
      const before = await size()
      first.wake()
      expect(await first.next()).toBe('SLUICE-LOCK-02, SLUICE-LOCK-02')
      expect(await size()).toEqual(before)
      await database.session((session) => session.execute("insert into public.numbers values (0, 'x')"))
    }
    await using again = await openPGlite(folder)
    const { rows } = await again.session((session) =>
      session.query('select count(*)::int as rows from public.numbers'),
    )
    expect(rows).toEqual([{ rows: 11 }])
  },
)
