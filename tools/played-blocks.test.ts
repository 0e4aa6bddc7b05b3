/**
 * Every block of commands on a page of the documentation is played by a test, or stands here with the reason why not.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { playedPages } from '../test/played-pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Pages whose console blocks are played by other tests than those of `playedPages`, and by which. */
const playedElsewhere: Readonly<Record<string, string>> = {
  discovery: 'tools/tutorial.test.ts',
  federation: 'tools/tutorial.test.ts',
  infrastructure: 'tools/tutorial.test.ts',
  shaping: 'tools/tutorial.test.ts',
  graphs: 'packages/cli/src/graphs-page.test.ts',
  jobs: 'packages/cli/src/jobs-page.test.ts',
  looking: 'packages/cli/src/looking-page.test.ts',
  'backup-and-restore': 'tools/pages.test.ts',
}

interface Unplayed {
  readonly blocks: number
  readonly why: string
}

/** Blocks of shell commands without what they print, which nobody plays. */
const unplayed: Readonly<Record<string, Unplayed>> = {
  README: { blocks: 8, why: 'installs, or lists commands that the tutorials and tools/package.test.ts call' },
  'agents-and-servers': {
    blocks: 5,
    why: 'two machines; packages/project/src/open/through-server.test.ts does the same in one process',
  },
  containers: { blocks: 3, why: 'needs a container engine; tools/operation-pages.test.ts tries what it can' },
  editing: {
    blocks: 4,
    why: 'examples for one model and another; packages/cli/src/edit.test.ts calls them all',
  },
  'export-programs': {
    blocks: 1,
    why: 'a program: packages/connectors/src/export-programs-page.test.ts runs it',
  },
  graphs: { blocks: 1, why: 'writes pictures; packages/cli/src/graph.test.ts looks into them' },
  infrastructure: {
    blocks: 5,
    why: 'tools of others write the documents; packages/prepare/src/discovery reads such',
  },
  jobs: {
    blocks: 1,
    why: 'a server and an agent; packages/cli/src/jobs-of-agents.operations.test.ts does the same',
  },
  monitoring: {
    blocks: 1,
    why: 'agents that run until they are stopped; packages/cli/src/agent-probes.test.ts starts some',
  },
  'open-tables': { blocks: 1, why: 'packages/cli/src/open-tables.test.ts calls these commands' },
  orders: { blocks: 1, why: 'packages/cli/src/orders.test.ts calls these commands' },
  console: { blocks: 1, why: 'starts a server that goes on; test/console plays its demo' },
  people: {
    blocks: 3,
    why: 'a password is typed; packages/cli/src/commands/account.test.ts calls these commands',
  },
  systemd: { blocks: 2, why: 'needs an init system; tools/operation-pages.test.ts verifies the units' },
  undo: { blocks: 3, why: 'packages/cli/src/revert.test.ts calls these commands' },
}

const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })].map((path) => ({
  name: basename(path, '.md'),
  text: readFileSync(join(root, path), 'utf8'),
}))

const blocksOf = (text: string, languages: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`(?:${languages})\n`, 'gm'))].length

describe('blocks of commands', () => {
  test('with what they print are all played', () => {
    const shown = pages.filter(({ text }) => blocksOf(text, 'console') > 0).map(({ name }) => name)
    const played = [...playedPages, ...Object.keys(playedElsewhere)]
    expect(shown.toSorted()).toEqual(played.toSorted())
  })

  test('are played by a test that names the page', () => {
    const silent = Object.entries(playedElsewhere).filter(
      ([name, path]) => !readFileSync(join(root, path), 'utf8').includes(name),
    )
    expect(silent).toEqual([])
  })

  test('without what they print are counted, with the reason why nobody plays them', () => {
    const found = pages
      .map(({ name, text }) => [name, blocksOf(text, 'sh|bash|shell')] as const)
      .filter(([, blocks]) => blocks > 0)
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(unplayed).map(([name, { blocks }]) => [name, blocks])),
    )
  })

  test('play only what begins with a prompt, so that none shows what no command printed', () => {
    const without = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/^```console\n(?!\$ )/gm)].map(() => name),
    )
    expect(without).toEqual([])
  })
})
