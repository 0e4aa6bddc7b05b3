import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { loadedPackages } from '../test/loaded-packages.ts'
import { moveToServer } from '../test/move-to-server.ts'

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
const heavy = ['@duckdb/node-api', '@electric-sql/pglite', 'pg', 'undici', 'fastify', 'pino']

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

  test.each([
    ['checks a project', ['check'], []],
    ['lists jobs', ['run'], []],
    ['reads what is stored', ['runs'], ['pg']],
    ['synchronizes here', ['sync', '--quiet'], ['@duckdb/node-api', 'pg']],
  ])('that %s loads only the libraries it works with', async (_, args, expected) => {
    expect(await heavyOf(...args)).toEqual(expected)
  })
})
