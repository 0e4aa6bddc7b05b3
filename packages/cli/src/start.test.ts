import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { loadedPackages } from '../test/loaded-packages.ts'
import { moveToServer } from '../test/move-to-server.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sluice-start-'))
const folder = join(scratch, 'project')
const places = new AsyncDisposableStack()

beforeAll(async () => {
  expect(await callCommandLine(scratch, ['init', 'project'])).toMatchObject({ status: 0 })
  places.use(await moveToServer(folder))
})
afterAll(async () => {
  await places.disposeAsync()
  rmSync(scratch, { recursive: true, force: true })
})

/** Of what a start could load, what takes long: sorting, databases, HTTP, logs. */
const heavy = ['@duckdb/node-api', '@electric-sql/pglite', 'pg', 'undici', 'fastify', 'pino', 'ldapts']

/** Starts with this cache folder, and says whether anything was kept in it. */
async function keepsIn(cache: string): Promise<boolean> {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  await run(process.execPath, [main, '--version'], { env: { ...env, XDG_CACHE_HOME: cache } })
  return existsSync(join(cache, 'sluice'))
}

async function heavyOf(...args: readonly string[]): Promise<readonly string[]> {
  const loaded = await loadedPackages(folder, args)
  return heavy.filter((name) => loaded.has(name))
}

describe('a start of the command line', () => {
  test.each(['--version', '--help', 'runs --help'])(
    'for `sluice %s` loads nothing but the commands',
    async (line) => {
      const loaded = await loadedPackages(scratch, line.split(' '))
      expect([...loaded].sort()).toEqual(['@sluice/cli', 'commander', 'picocolors'])
    },
  )

  test.each(['help held', 'completion zsh', 'completion bash -- sluice sync --m'])(
    'for `sluice %s` loads no more',
    async (line) => {
      const loaded = await loadedPackages(scratch, line.split(' '))
      expect([...loaded].sort()).toEqual(['@sluice/cli', 'commander', 'picocolors'])
    },
  )

  test('to complete the name of a source reads the file, and checks nothing', async () => {
    const loaded = await loadedPackages(folder, ['completion', 'bash', '--', 'sluice', 'sync', ''])
    expect([...loaded].filter((name) => name.startsWith('@sluice/') || name === 'zod')).toEqual([
      '@sluice/cli',
    ])
  })

  test.each([
    ['checks a project', ['check'], []],
    ['lists jobs', ['run'], []],
    ['reads what is stored', ['runs'], ['pg']],
    ['synchronizes small files here', ['sync', '--quiet'], ['pg']],
  ])('that %s loads only the libraries it works with', async (_, args, expected) => {
    expect(await heavyOf(...args)).toEqual(expected)
  })

  test('keeps what Node compiled in the cache folder of the user', async () => {
    const cache = mkdtempSync(join(scratch, 'cache-'))
    expect(await keepsIn(cache)).toBe(true)
  })

  test.runIf(process.getuid?.() === 0)('takes no code from a cache folder of somebody else', async () => {
    const cache = mkdtempSync(join(scratch, 'cache-'))
    chownSync(cache, 65_534, 65_534)
    expect(await keepsIn(cache)).toBe(false)
  })
})
