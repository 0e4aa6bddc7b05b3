/**
 * Runs taken back at the command line: with the repository here, and behind a server.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initProject } from '@sluice/project'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

let opened: AsyncDisposableStack
let here: string
let there: string
let environment: Readonly<Record<string, string>> = {}

beforeEach(async () => {
  opened = new AsyncDisposableStack()
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-revert-'))
  opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
  here = join(scratch, 'here')
  there = join(scratch, 'there')
  for (const folder of [here, there]) {
    await initProject(folder)
    const path = join(folder, 'sluice.yaml')
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text.replace('      active: boolean\n', '      active: boolean\n      phone: string\n'),
    )
    opened.use(await moveToServer(folder))
    expect(await callCommandLine(folder, ['sync', '--quiet'])).toEqual({ status: 0, stdout: '', stderr: '' })
    const changed = await callCommandLine(folder, ['resource', 'set', 'Person', '1007', 'phone=42'])
    expect(changed.status).toBe(0)
  }
  const server = opened.use(await serveFolder(there))
  environment = await server.environmentOf({ name: 'grace', role: 'admin', sources: [] })
})
afterEach(() => opened.disposeAsync())

const stable = (text: string) =>
  text
    .replaceAll(/^Took .*$/gm, 'Took (time)')
    .replaceAll(/(token grace|tester at the command line|\((grace|tester)\))/g, '(whom)')
    .replaceAll(/ {3,}/g, '  ')

describe.each(['here', 'through a server'] as const)('%s', (place) => {
  const sluice = async (...args: readonly string[]) => {
    const called = await callCommandLine(place === 'here' ? here : there, args, {
      environment: place === 'here' ? {} : environment,
    })
    return { ...called, stdout: stable(called.stdout), stderr: stable(called.stderr) }
  }

  test('a run is planned to be taken back, refused where something has come since, and taken back as far as that is left', async () => {
    await sluice('resource', 'set', 'Person', '1007', 'phone=43')
    expect(await sluice('runs', 'revert', '2', '--dry-run')).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "",
        "stdout": "Plan (revert): nothing would change; nothing was written

        read  inserted  updated  unchanged  rejected  deleted
        Person  –  0  0  –  –  0

      Would take back run 2: all but 1 change, which stay as they are.

      Took (time)

      Changed since that run, and would not be taken back:
        ! phone of Person Grace O'Neill was changed since, by run 3 (whom)

      Next:
        sluice runs revert 2 --skip-conflicts  does it
      ",
      }
    `)
    expect(await sluice('runs', 'revert', '2')).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "error SLUICE-REVERT-02: Run 2 was not taken back, because something has changed since: phone of Person Grace O'Neill was changed since, by run 3 (whom).
      → Take back the later runs first, or skip these conflicts: sluice runs revert 2 --skip-conflicts
      ",
        "stdout": "",
      }
    `)
    expect(await sluice('runs', 'revert', '3', '--comment', 'no such number')).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "Run 5 (revert): applied

        read  inserted  updated  unchanged  rejected  deleted
        Person  –  0  1  –  –  0

      Takes back run 3: all its changes.

      Comment: no such number
      Started by (whom).
      Took (time)

      Next:
        sluice runs changes 5  what it changed
        sluice resources Person  what is stored now
      ",
      }
    `)
    expect((await sluice('runs', 'show', '3')).stdout).toContain('Taken back by run 5.')
  })

  test('rejected rows are tried again, and where none can be, it says so', async () => {
    expect(await sluice('runs', 'retry', '1')).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "error SLUICE-RETRY-01: Run 1 has no rejected row that can be tried again: it rejected no row because of a value.
      → sluice runs rejected 1
      ",
        "stdout": "",
      }
    `)
    expect((await sluice('runs', 'retry', '1', '--dry-run')).status).toBe(1)
  })

  test('what sources say otherwise is told', async () => {
    expect(await sluice('runs', 'revert', '1', '--skip-conflicts', '--force')).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "Run 3 (revert): applied

        read  inserted  updated  unchanged  rejected  deleted
        Department  –  0  0  –  –  4
        Person  –  0  0  –  –  18
        Approver (hr)  –  –  –  –  –  9

      Takes back run 1: all but 5 changes, which stay as they are.
      hr still has other values: its next complete run brings 22 resources and 9 links again.

      Thresholds exceeded:
        ! Department: 4 of 6 stored resources would be deleted (66.7 %), more than the 10 % allowed
        ! Person: 18 resources would be deleted, 13 more than the 5 allowed
        ! Approver: 9 of 9 stored links would be deleted (100 %), more than the 10 % allowed

      Notes:
        Not taken back: Department Engineering is used by resources that stay.
        Not taken back: Department Operations is used by resources that stay.
        Not taken back: Person Amara Okafor is used by resources that stay.
        Not taken back: Person Bruno Keller is used by resources that stay.
        Not taken back: Person Grace O'Neill was changed since, by run 2 (whom).

      Started by (whom).
      Took (time)

      Next:
        sluice runs changes 3  what it changed
        sluice resources Person  what is stored now
        sluice source suspend hr  it makes no new run until somebody resumes it, so these changes do not come again
      ",
      }
    `)
    expect((await sluice('runs', 'revert', '99')).stderr).toContain('There is no run 99.')
  })
})
