/**
 * What docs/jobs.md shows is what happens: its files are written and its commands called. `npx vitest run packages/cli/src/jobs-page.test.ts -u` writes it anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { playPage, wordsOf } from '../../../tools/tutorial.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const path = fileURLToPath(new URL('../../../docs/jobs.md', import.meta.url))

/** The id of the newest result, as the page calls it. */
const shortId = '9260a010'

/** What is another thing each day, and elsewhere. */
function stable(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d 02:30/g, '2026-12-01 02:30')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-30 08:00:00')
    .replaceAll(/\d{4}-\d\d-\d\d (?!02:30)\d\d:\d\d$/gm, '2026-11-30 08:00')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, `${shortId}-e577-4f9a-8f54-5e91077586a7`)
    .replaceAll(/(?<=:\d\d) +\d+(\.\d+)? m?s\b/g, '  1.0 s')
    .replaceAll(/after \d+(\.\d+)? m?s\b/g, 'after 1.0 s')
    .replaceAll(/\(\d+(\.\d+)? m?s\)/g, '(1.0 s)')
    .replaceAll(/\/\S*\/sluice-jobs-page-\w+/g, '/srv/project')
    .replaceAll(hostname(), 'office')
    .replaceAll(/(?<=begun \(UTC\)) +took/g, '           took')
    .replaceAll(/ +$/gm, '')
}

test('docs/jobs.md tells what happens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-jobs-page-'))
  try {
    const page = readFileSync(path, 'utf8')
    for (const [, name = '', text = ''] of page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm))
      writeFileSync(join(folder, name), text)
    await using _place = await moveToServer(folder)
    const sluice = (args: readonly string[]) => callCommandLine(folder, args, { user: 'olga' })
    const played = await playPage(page, async (command) => {
      const found = JSON.parse((await sluice(['jobs', 'results', '--json'])).stdout)
      const ids: readonly string[] = found.map(({ execution }: { execution: string }) => execution)
      const args = wordsOf(command).slice(1)
      const { stdout, stderr } = await sluice(args.map((arg) => (arg === shortId ? (ids[0] ?? arg) : arg)))
      const shown = stable(`${stdout}${stderr}`)
      return shown.replaceAll(/^[\da-f]{8}(?= {2})/gm, (id) =>
        ids[0]?.startsWith(id) ? shortId : '1c63a7de',
      )
    })
    await expect(played).toMatchFileSnapshot(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
