import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../test/call-command-line.ts'
import { moveToServer } from '../../test/move-to-server.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-sql-'))
const folder = join(scratch, 'project')
const places = new AsyncDisposableStack()

beforeAll(async () => {
  expect(await callCommandLine(scratch, ['init', 'project'])).toMatchObject({ status: 0 })
  places.use(await moveToServer(folder))
  expect(await sync()).toMatchObject({ status: 0 })
})
afterAll(async () => {
  await places.disposeAsync()
  rmSync(scratch, { recursive: true, force: true })
})

/** What a file of `--sql` says: of each statement the line above it and its text. */
function statementsIn(name: string): readonly { readonly facts: string; readonly text: string }[] {
  const text = readFileSync(join(folder, name), 'utf8')
  return text.split(/^(?=-- \d+\.\d ms)/m).map((entry) => {
    const [facts = '', ...lines] = entry.split('\n')
    return { facts, text: lines.join('\n') }
  })
}

const nameIn = (text: string) => /\/\* (\S+)/.exec(text)?.[1]

const sync = (...args: readonly string[]) => callCommandLine(folder, ['sync', '--quiet', ...args])

describe('--sql', () => {
  test.each([
    ['a file in a folder that is not there', 'nowhere/first.sql'],
    ['a folder', 'data'],
  ])('that names %s is refused before anything is done', async (_, file) => {
    const runs = async () => (await callCommandLine(folder, ['runs', '--json'])).stdout
    const before = await runs()
    const { status, stderr } = await sync('--sql', file)
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('SLUICE-USAGE-04'),
    })
    expect(stderr).toContain(join(folder, file))
    expect(await runs()).toBe(before)
  })

  test('writes down a run from its beginning to its end', async () => {
    const people = join(folder, 'data', 'people.csv')
    writeFileSync(people, readFileSync(people, 'utf8').replace('Amara Okafor', 'Amara Obi'))
    expect(await sync('--mode', 'complete', '--sql', 'first.sql')).toMatchObject({ status: 0, stderr: '' })
    const statements = statementsIn('first.sql')
    const rooms = new Set(statements.map(({ text }) => nameIn(text)?.split('/')[0]))
    for (const room of ['runs', 'intake', 'produce', 'resolve', 'changes', 'apply'])
      expect(rooms).toContain(room)
    const copy = statements.find(({ text }) => text.includes('/* intake/copy Person */'))
    expect(copy?.facts).toMatch(/^-- \d+\.\d ms, 21 rows$/)
    // Its end is the last that the engine does.
    const names = statements
      .flatMap(({ text }) => nameIn(text) ?? [])
      .filter((name) => name.startsWith('runs/'))
    expect(names.at(-1)).toBe('runs/close')
  })

  test('names each statement of the engine: none about its tables is without', async () => {
    expect(
      await callCommandLine(folder, ['sync', '--quiet'], { environment: { SLUICE_SQL: 'second.sql' } }),
    ).toMatchObject({ status: 0 })
    const about = statementsIn('second.sql').filter(({ text }) =>
      /"?sluice_run_\d|"?replica_hr_|"person"/.test(text),
    )
    expect(about.length).toBeGreaterThan(10)
    expect(about.filter(({ text }) => nameIn(text) === undefined)).toEqual([])
    expect(new Set(about.map(({ text }) => nameIn(text)?.split('/')[0]))).toContain('reconcile')
  })

  test.each([
    ['looks at runs', ['runs'], 'read'],
    ['looks at resources', ['resources', 'Person'], 'read'],
    ['explains a resource', ['explain', 'Person', '1001'], 'read'],
    ['lists tokens', ['token', 'list'], 'tokens'],
  ])('writes down what a command asks that %s', async (_, command, room) => {
    await callCommandLine(folder, [...command, '--sql', 'asked.sql'])
    expect(statementsIn('asked.sql').map(({ text }) => nameIn(text)?.split('/')[0])).toContain(room)
  })

  test.runIf(existsSync('/dev/full'))('ends the command when its disk is full', async () => {
    const { status, stderr } = await sync('--sql', '/dev/full')
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('SLUICE-USAGE-04'),
    })
  })
})
