/**
 * What docs/looking.md shows is what happens: its files are written and its commands called. `npx vitest run packages/cli/src/looking-page.test.ts -u` writes it anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireConfiguration } from '@sluice/project'
import { openDatabase } from '@sluice/repository'
import { expect, test } from 'vitest'
import { playPage, wordsOf } from '../../../tools/tutorial.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const path = fileURLToPath(new URL('../../../docs/looking.md', import.meta.url))

const user = 'olga'

/** What is another thing each day. */
function stable(text: string): string {
  return (
    text
      .replaceAll(/\d{4}-\d\d-\d\d 02:00 nightly/g, '2026-12-01 02:00 nightly')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-30 02:00:05')
      .replaceAll(/(?<= )\d+(\.\d+)? m?s\b/g, '1.0 s')
      // A column is as wide as its longest duration.
      .replaceAll(/(?<=started \(UTC\)) +(?=took)/g, ' '.repeat(10))
      .replaceAll(/(?<=02:00:05) +(?=1\.0 s)/g, '  ')
      .replaceAll(/(?<=02:00:05) +(?=0 )/g, ' '.repeat(16))
      .replaceAll(/\/\S*\/sluice-looking-\w+/g, '/srv/project')
      .replaceAll(/ +$/gm, '')
  )
}

test('docs/looking.md tells what happens', async () => {
  const page = readFileSync(path, 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'sluice-looking-'))
  try {
    for (const [, name = '', text = ''] of page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm))
      writeFileSync(join(folder, name), text)
    await using _place = await moveToServer(folder)
    // The night: one source is well, the export of the other has left nothing, and somebody has been at the tables.
    expect((await callCommandLine(folder, ['sync', 'hr', '--quiet'], { user })).status).toBe(0)
    expect((await callCommandLine(folder, ['sync', 'doors', '--quiet'], { user })).status).toBe(1)
    const { repository } = await requireConfiguration(folder, { environment: {}, stored: 'unknown' })
    await using database = await openDatabase(repository)
    await database.session((session) =>
      session.execute(`update person set name = 'Bobby' where number = '2'`),
    )
    const played = await playPage(page, async (command) => {
      const [, ...args] = wordsOf(command)
      const { stdout, stderr } = await callCommandLine(folder, args, { user })
      return stable(`${stdout}${stderr}`)
    })
    await expect(played).toMatchFileSnapshot(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
