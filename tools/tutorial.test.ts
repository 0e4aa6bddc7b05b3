/**
 * What docs/federation.md, docs/discovery.md, docs/infrastructure.md and docs/shaping.md show is what happens. `npx vitest run tools/tutorial.test.ts -u` writes it anew.
 */
import { expect, test } from 'vitest'
import { moveToServer } from '../packages/cli/test/move-to-server.ts'
import { someOf } from '../test/thoroughness.ts'
import { openTutorial } from '../test/tutorials.ts'
import { consoleBlocks, playPage, wordsOf } from './tutorial.ts'

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

test('files that a page shows are written when it comes to them', async () => {
  const page =
    '```csv a.csv\nx\n```\n```console\n$ one\n```\n```csv\nno file\n```\n```csv a.csv\ny\n```\n```console\n$ two\n```\n'
  const seen: string[] = []
  let file = ''
  await playPage(
    page,
    async (command) => {
      seen.push(`${command}: ${file}`)
      return ''
    },
    async (path, text) => {
      file = `${path} ${text}`
    },
  )
  expect(seen).toEqual(['one: a.csv x\n', 'two: a.csv y\n'])
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

test.each(someOf(['federation', 'discovery', 'shaping', 'infrastructure'] as const, 4))(
  'docs/%s.md tells what happens in the example',
  async (name) => {
    await using example = await openTutorial(name)
    await using _place = await moveToServer(example.folder)
    await expect(await example.playPage()).toMatchFileSnapshot(example.page)
  },
)
