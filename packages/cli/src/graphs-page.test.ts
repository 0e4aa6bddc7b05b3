/**
 * What docs/graphs.md shows is what happens: its files are written and its commands called. `npx vitest run packages/cli/src/graphs-page.test.ts -u` writes it anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { playPage, wordsOf } from '../../../tools/tutorial.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const path = fileURLToPath(new URL('../../../docs/graphs.md', import.meta.url))

test('docs/graphs.md tells what happens', async () => {
  const page = readFileSync(path, 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'sluice-graphs-'))
  try {
    for (const [, name = '', text = ''] of page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm))
      writeFileSync(join(folder, name), text)
    await using _place = await moveToServer(folder)
    expect(await callCommandLine(folder, ['sync', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
    const played = await playPage(page, async (command) => {
      const [, ...args] = wordsOf(command)
      const { stdout, stderr } = await callCommandLine(folder, args)
      return `${stdout}${stderr}`
    })
    await expect(played).toMatchFileSnapshot(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
