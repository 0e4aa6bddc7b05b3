/**
 * The program as people use it, on real projects; in processes of their own where that matters.
 */
import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openRepository } from '@sluice/project'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { callCommandLine, type Finished } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
const fresh = join(scratch, 'fresh')
const loaded = join(scratch, 'loaded')
const places = new AsyncDisposableStack()

/** What the first `sluice sync` of the new project said. */
let firstLoad: Finished

/** As a process of its own, that npm has started. */
function spawned(folder: string, ...args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, npm_execpath: 'npm-cli.js' }
    const child = execFile(
      process.execPath,
      [main, ...args],
      { cwd: folder, env },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

/** The same without the time it takes to start a process. */
const sluice = (folder: string, ...args: readonly string[]) => callCommandLine(folder, args)

/** A project of one's own, loaded once and copied. */
function project(from = loaded): {
  readonly folder: string
  edit(file: string, change: (text: string) => string): void
} {
  const folder = mkdtempSync(join(scratch, 'project-'))
  cpSync(from, folder, { recursive: true })
  return {
    folder,
    edit: (file, change) => {
      const path = join(folder, 'data', file)
      writeFileSync(path, change(readFileSync(path, 'utf8')))
    },
  }
}

/** The same with its repository on a server: for what needs many commands and does not depend on where it lies. */
async function servedProject(): Promise<ReturnType<typeof project>> {
  const made = project(fresh)
  places.use(await moveToServer(made.folder))
  expect(await sluice(made.folder, 'sync', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' })
  return made
}

/** What differs from run to run, and is not the point. */
const stable = (text: string): string =>
  text
    .replace(/^Took .*$/m, 'Took (time)')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '(instant)')
    .replaceAll(/by (?!tester)\S+ at the command line/g, 'by (somebody) at the command line')

const withoutLines = (pattern: RegExp) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n')

beforeAll(async () => {
  expect(await spawned(scratch, 'init', 'fresh')).toMatchObject({ status: 0, stderr: '' })
  cpSync(fresh, loaded, { recursive: true })
  firstLoad = await spawned(loaded, 'sync')
  // What takes long, on a machine with much else to do, is told on the other one.
  expect(firstLoad.status).toBe(0)
})

afterAll(async () => {
  await places.disposeAsync()
  rmSync(scratch, { recursive: true, force: true })
})

describe('sluice sync', () => {
  test('loads a new project, accounts for every row, and says what to type next', () => {
    expect(stable(firstLoad.stdout)).toMatchInlineSnapshot(`
      "Run 1 of hr (complete): applied

                    read  inserted  updated  unchanged  rejected  deleted
        Department     6         6        0          0         0        0
        Person        21        21        0          0         0        0
        Approver       9         9        0          0         0        0

      Started by (somebody) at the command line.
      Took (time)

      Next:
        npx sluice runs changes 1     what it changed
        npx sluice resources Person   what is stored now
      "
    `)
  })

  test('tells the time that one has waited, from the start of the program on', () => {
    expect(firstLoad.stdout).toMatch(/^Took .*: open .* apply .*/m)
  })

  test('does not take a first load for nothing, of which no line each is kept', async () => {
    const { stdout, stderr } = await sluice(loaded, 'runs', 'changes', '1')
    expect(stdout).toContain('+ Approver ')
    expect(stderr).toBe(
      '27 resources of a first load; they are not listed as changes, but as resources: sluice resources Department\n',
    )
  })

  test('applies nothing the second time', async () => {
    const { folder } = project()
    const { status, stdout } = await sluice(folder, 'sync', 'hr')
    expect(status).toBe(0)
    expect(stdout).toContain('applied, nothing had changed')
  })

  test('holds what exceeds a threshold, shows it, and applies exactly that when approved', async () => {
    const { folder, edit } = await servedProject()
    edit('people.csv', withoutLines(/^10(1|20)/))
    const held = await sluice(folder, 'sync')
    expect(held.status).toBe(3)
    expect(stable(held.stdout)).toMatchInlineSnapshot(`
      "Run 2 of hr (complete): held by a threshold, nothing was applied

                    read  inserted  updated  unchanged  rejected  orphan  deleted
        Department     6         0        0          6         0       –        0
        Person        10         0        0         10         0       –       11
        Approver       9         0        0          8         0       1        1
        Approver: 1 link with an unknown or ambiguous end; kept until exactly one exists

      Thresholds exceeded:
        ! Person: 11 resources would be deleted, 6 more than the 5 allowed

      Started by tester at the command line.
      Took (time)

      First changes of each kind:
        - Person 1010  employeeNumber=1010 name=Jan de Vries email=jan.devries@example.com hired=2016-07-04 active=false department=Engineering manager=Grace O'Neill
        - Person 1011  employeeNumber=1011 name=Katarzyna Wójcik email=katarzyna.wojcik@example.com hired=2017-02-20 active=true department=Finance manager=Chiara Romano
        - Person 1012  employeeNumber=1012 name=Liam Murphy email=liam.murphy@example.com hired=2017-06-12 active=true department=Sales manager=Daniel Novák
        - Approver Liam Murphy → Sales  since=2023-03-01

      Next:
        sluice runs changes 2    all changes it would make
        sluice runs approve 2    apply exactly these
        sluice runs reject 2     discard them, and correct the source
        sluice sync hr --force   export again and apply all changes, even over a threshold
      "
    `)

    edit('people.csv', withoutLines(/^1/))
    const approved = await sluice(folder, 'runs', 'approve', '2', '--by', 'Mary')
    expect(approved.status).toBe(0)
    const { stdout } = await sluice(folder, 'resources', 'Person', '--columns', 'employeeNumber', '--csv')
    expect(stdout.split('\n')).toHaveLength(12)
  })

  test('brings only what changed when asked to, and nothing while such a run is held', async () => {
    const { folder, edit } = await servedProject()
    edit('people.csv', (text) => text.replace('Liam Murphy', 'Liam O’Hara'))
    const changed = await sluice(folder, 'sync', 'hr', '--mode', 'incremental')
    expect(changed.stdout).toContain('Run 2 of hr (incremental): applied')
    expect(changed.status).toBe(0)
    edit('people.csv', withoutLines(/^10(1|20)/))
    const incremental = () => sluice(folder, 'sync', 'hr', '--mode', 'incremental')
    expect((await incremental()).stdout).toContain('Run 3 of hr (incremental): held')
    const { status, stderr } = await incremental()
    expect(stderr).toMatch(/SLUICE-DELIVER-01.*Run 3 of "hr" is held/)
    expect(status).toBe(3)
  })

  test('frees the source when a held run is rejected', async () => {
    const { folder, edit } = project()
    edit('people.csv', withoutLines(/^10(1|20)/))
    expect((await sluice(folder, 'sync', '--quiet')).status).toBe(3)
    const rejected = await sluice(folder, 'runs', 'reject', '2', '--reason', 'a broken export')
    expect(rejected).toMatchObject({
      status: 0,
      stdout: 'Run 2 of hr is rejected; nothing of it was applied.\n',
    })
    expect((await sluice(folder, 'runs')).stdout).toMatch(/^ +2 {2}hr .* rejected /m)
  })

  test('leaves a bad row out, names its line, and keeps the resource', async () => {
    const { folder, edit } = await servedProject()
    edit('people.csv', (text) => text.replace('03/02/2009', '31/02/2009'))
    const { status, stdout } = await sluice(folder, 'sync')
    expect(status).toBe(0)
    expect(stdout).toMatch(/people\.csv.*Person "1001": hired "31\/02\/2009"/)
    const { stdout: kept } = await sluice(
      folder,
      'resources',
      'Person',
      '--where',
      'employeeNumber=1001',
      '--csv',
    )
    expect(kept).toContain('2009-02-03')
  })

  test('refuses a source that is not whole, with one JSON document for scripts', async () => {
    const { folder, edit } = await servedProject()
    edit('people.csv', () => '')
    const { status, stdout, stderr } = await sluice(folder, 'sync', '--json')
    expect(status).toBe(1)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'hr',
      error: { code: expect.stringMatching(/^SLUICE-/), message: expect.stringContaining('people.csv') },
    })
  })

  test('prints its report as one JSON document', async () => {
    const { folder } = await servedProject()
    const { stdout, stderr } = await sluice(folder, 'sync', 'hr', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ run: 2, source: 'hr', state: 'applied', exceeded: [] })
    expect(stderr).toBe('')
  })

  test('gives everything up on Ctrl-C, and the next one succeeds', async () => {
    const { folder, edit } = project()
    const many = Array.from(
      { length: 50_000 },
      (_, index) => `${50_000 + index},Name ${index},,01/01/2020,yes,ENG,,`,
    )
    edit('people.csv', (text) => `${text}${many.join('\n')}\n`)
    const child = spawn(process.execPath, [main, 'sync'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const prepared = join(folder, '.sluice', 'outbox', 'hr', 'Person.sorted.csv')
    rmSync(prepared)
    while (!existsSync(prepared)) await setTimeout(20)
    child.kill('SIGINT')
    const status = await new Promise((resolve) => child.on('exit', resolve))
    expect(status).toBe(130)
    expect(stderr).toContain('nothing of it was applied')
    const { stdout } = await sluice(folder, 'resources', 'Person', '--columns', 'name', '--csv')
    expect(stdout.split('\n')).toHaveLength(23)
    expect((await sluice(folder, 'sync', '--quiet')).status).toBe(0)
  })
})

describe('sluice runs', () => {
  test('shows why a run failed, and what to do about it', async () => {
    const { folder, edit } = project()
    edit('people.csv', (text) => text.replace('employee_number', 'number'))
    expect((await sluice(folder, 'sync', '--quiet')).status).toBe(1)
    const { stdout } = await sluice(folder, 'runs', '--json')
    const [last] = z.array(z.object({ run: z.number(), state: z.string() })).parse(JSON.parse(stdout))
    expect(last).toMatchObject({ state: 'failed' })
    const shown = (await sluice(folder, 'runs', 'show', String(last?.run))).stdout
    expect(shown).toMatch(/^error SLUICE-\w+-\d+: /m)
    expect(shown).toMatch(/^→ /m)
  })
})

describe('sluice plan', () => {
  test('says what would change, old and new, and writes nothing', async () => {
    const { folder, edit } = project()
    edit('people.csv', (text) => text.replace('amara.okafor@', 'a.okafor@'))
    const { status, stdout } = await sluice(folder, 'plan', 'hr')
    expect(status).toBe(0)
    expect(stable(stdout)).toMatchInlineSnapshot(`
      "Plan for hr (complete): nothing was written

                    read  inserted  updated  unchanged  rejected  deleted
        Department     6         0        0          6         0        0
        Person        21         0        1         20         0        0
        Approver       9         0        0          9         0        0

      Took (time)

      First changes of each kind:
        ~ Person 1001  email "amara.okafor@example.com" → "a.okafor@example.com"

      Next:
        sluice sync hr   does it
      "
    `)
    expect((await sluice(folder, 'runs', '--json')).stdout).not.toContain('"run": 2')
  })

  test('reads another folder when told to', async () => {
    const { folder } = await servedProject()
    cpSync(join(folder, 'data'), join(folder, 'newer'), { recursive: true })
    const departments = join(folder, 'newer', 'departments.csv')
    writeFileSync(departments, readFileSync(departments, 'utf8').replace('Engineering', 'Engines'))
    const { status, stdout } = await sluice(folder, 'plan', 'hr', '--folder', 'newer')
    expect(stdout).toContain('name "Engineering" → "Engines"')
    expect(status).toBe(0)
  })
})

describe('looking at what is stored', () => {
  test('lists resources that fulfil all conditions', async () => {
    const { stdout } = await sluice(
      loaded,
      ...['resources', 'Person', '--where', 'department=Engineering', '--where', 'hired>=2020-01-01'],
      ...['--columns', 'employeeNumber,name,manager'],
    )
    expect(stdout).toMatchInlineSnapshot(`
      "employeeNumber  name         manager
      1017            Qing Li      Hiroshi Tanaka
      1021            Ulrich Weiß  Hiroshi Tanaka
      "
    `)
  })

  test('explains a resource by its key', async () => {
    const { stdout } = await sluice(loaded, 'explain', 'Person', '1002')
    expect(stable(stdout)).toMatchInlineSnapshot(`
      "Person Bruno Keller  resource 9
      Known to hr as "1002"

        property        value                     from  since
        employeeNumber  1002                      hr    run 1 ((instant))
        name            Bruno Keller              hr    run 1 ((instant))
        email           bruno.keller@example.com  hr    run 1 ((instant))
        hired           2011-09-14                hr    run 1 ((instant))
        active          true                      hr    run 1 ((instant))
        department      Engineering               hr    run 1 ((instant))
        manager         Amara Okafor              hr    run 1 ((instant))

      Links:
        Approver → 1: Engineering

      History:
        run 1 ((instant)) hr, by (somebody) at the command line: inserted
      "
    `)
  })

  test('stops in silence when nobody reads any more', async () => {
    const command = `"${process.execPath}" "${main}" resources Person --json | true`
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile('sh', ['-c', command], { cwd: loaded }, (_error, stdout, stderr) =>
        resolve({ stdout, stderr }),
      )
    })
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  })

  test('names the process that has the repository open', async () => {
    const { folder } = project()
    await using _open = await openRepository({ kind: 'folder', path: join(folder, 'repository') })
    const { status, stderr } = await sluice(folder, 'runs')
    expect(status).toBe(1)
    expect(stderr).toContain(`process ${process.pid}`)
  })
})

describe('wrong usage', () => {
  test.each([
    [['snyc'], "error SLUICE-USAGE-01: Unknown command 'snyc'.\n→ Did you mean sync?\n"],
    [['sync', '--forse'], "error SLUICE-USAGE-01: Unknown option '--forse'.\n→ Did you mean --force?\n"],
    [['model'], 'error SLUICE-USAGE-01: A command is missing.\n→ sluice model --help\n'],
    [['runs', 'shw'], expect.stringContaining('Did you mean "show"?')],
    [['runs', 'show', 'last'], expect.stringContaining('It must be the number of a run')],
  ])('%j ends with status 2 and a hint', async (args, stderr) => {
    expect(await sluice(loaded, ...args)).toEqual({ status: 2, stdout: '', stderr })
  })

  test('suggests the source that was probably meant', async () => {
    const { status, stderr } = await sluice(loaded, 'sync', 'hrr')
    expect(status).toBe(2)
    expect(stderr).toBe('error SLUICE-PROJECT-01: There is no source "hrr".\n→ Did you mean "hr"?\n')
  })

  test('shows findings of the configuration with their places', async () => {
    const { folder } = project()
    const path = join(folder, 'sluice.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace('      email: string', '      email: strng'))
    const { status, stdout } = await spawned(folder, 'check')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^sluice\.yaml:\d+:\d+: error SLUICE-CONFIGURATION-\d\d: /)
    expect((await spawned(folder, 'sync')).stderr).toMatch(
      /^sluice\.yaml:\d+:\d+: error SLUICE-CONFIGURATION-\d\d: /,
    )
  })
})
