/**
 * What docs/federation.md shows is what happens. `npx vitest run tools/tutorial.test.ts -u` writes it anew.
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { callCommandLine } from '../packages/cli/test/call-command-line.ts'
import { consoleBlocks, playPage, wordsOf } from './tutorial.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

test('a block has the commands of its lines, and the heading before it', () => {
  const page = '# Page\n\n## One\n\n```console\n$ cat a\nx\n$ cat b\n```\n\n```sh\n$ no\n```\n'
  expect(consoleBlocks(page)).toEqual([{ heading: 'One', commands: ['cat a', 'cat b'] }])
})

test('a page is played in its order, and only what the commands print changes', async () => {
  const page = 'a\n```console\n$ one\nold\n$ two\n```\nb\n```console\n$ three\n```\nc\n'
  expect(await playPage(page, async (command) => `(${command})\n`)).toBe(
    'a\n```console\n$ one\n(one)\n$ two\n(two)\n```\nb\n```console\n$ three\n(three)\n```\nc\n',
  )
})

test('words stand between blanks, and single quotes hold them together', () => {
  expect(wordsOf("set Person name='Ada King' 'a b' c")).toEqual([
    'set',
    'Person',
    'name=Ada King',
    'a b',
    'c',
  ])
})

test('docs/federation.md tells what happens in examples/federation', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-federation-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(join(root, 'examples/federation'), folder, {
    recursive: true,
    filter: (path) => !/[/\\](?:repository|\.sluice)$/.test(path),
  })
  const page = await readFile(join(root, 'docs/federation.md'), 'utf8')
  const played = await playPage(page, async (command) => {
    const [program = '', ...args] = wordsOf(command)
    if (program === 'cat') return await readFile(join(folder, args[0] ?? ''), 'utf8')
    expect(program).toBe('sluice')
    const { stdout, stderr } = await callCommandLine(folder, args, { user: 'olga' })
    return alike(`${stdout}${stderr}`)
  })
  await expect(played).toMatchFileSnapshot(join(root, 'docs/federation.md'))
})

/** As on another machine, at another time. */
function alike(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-30 08:00:00')
    .replaceAll(/^Took .*\n/gm, '')
}
