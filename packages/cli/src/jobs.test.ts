/**
 * Jobs and the agent as people start them: in processes of their own, on real projects.
 */
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeAgentLock } from '@sluice/agent'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { type SluiceProcess, spawnSluice } from '../test/sluice-process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-jobs-'))
const places = new AsyncDisposableStack()
afterAll(async () => {
  await places.disposeAsync()
  rmSync(scratch, { recursive: true, force: true })
})

/** In this process, without the time it takes to start one. */
const sluice = (folder: string, ...args: readonly string[]) => callCommandLine(folder, args)

const people = (count: number) =>
  ['no,name', ...Array.from({ length: count }, (_, index) => `${index},Name ${index}`)].join('\n')

/** A project with three sources, and these jobs. */
async function project(jobs: string): Promise<string> {
  const folder = writeProject(jobs)
  places.use(await moveToServer(folder))
  return folder
}

/** The same with its repository in a folder of its own. */
async function embeddedProject(jobs: string): Promise<string> {
  const folder = writeProject(jobs)
  const { location } = places.use(await testLocation('pglite'))
  if (location.kind === 'folder') await rename(location.path, join(folder, 'repository'))
  return folder
}

function writeProject(jobs: string): string {
  const folder = mkdtempSync(join(scratch, 'project-'))
  const source = (name: string, type: string, more = '') =>
    `  ${name}:\n    folder: ${name}\n${more}    entities: {${type}: {file: people.csv, key: no, properties: {no: no, name: name}}}\n`
  const slow = `    export: {command: [node, -e, "require('fs').writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 60000)"]}\n`
  const text = [
    'entityTypes:',
    '  Person: {properties: {no: string, name: string}}',
    '  Account: {properties: {no: string, name: string}}',
    'sources:',
    source('hr', 'Person') + source('ad', 'Account') + source('slow', 'Account', slow),
    'jobs:',
    jobs,
  ]
  writeFileSync(join(folder, 'sluice.yaml'), text.join('\n'))
  for (const name of ['hr', 'ad']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'people.csv'), people(20))
  }
  return folder
}

const nightly = `
  nightly:
    schedule: {cron: "30 2 * * *", timeZone: Europe/Paris}
    steps:
      - {name: both, sync: [hr, ad], mode: complete}
      - {name: again, sync: hr}
`

describe('sluice run', () => {
  test('lists the jobs, runs one with its sources together, and holds what exceeds a threshold', async () => {
    const folder = await embeddedProject(nightly)
    const list = await sluice(folder, 'run')
    expect(list.stdout).toMatch(/nightly +both, again +30 2 \* \* \* Europe\/Paris +\d{4}-/)

    const first = await sluice(folder, 'run', 'nightly')
    expect(first).toMatchObject({ status: 0 })
    expect(first.stdout).toMatch(/^both\n {2}\w+: run \d applied, complete: 20 inserted/)
    expect(first.stdout).toMatch(/again\n {2}hr: run 3 applied, complete: no changes.*\nnightly is done/)

    writeFileSync(join(folder, 'hr', 'people.csv'), people(1))
    const held = await sluice(folder, 'run', 'nightly', '--json')
    expect(held.status).toBe(3)
    const document: unknown = JSON.parse(held.stdout)
    expect(document).toMatchObject({
      job: 'nightly',
      state: 'held',
      steps: [
        {
          step: 'both',
          state: 'held',
          sources: [
            { source: 'hr', state: 'held', reports: [{ state: 'held' }] },
            { source: 'ad', state: 'done' },
          ],
        },
        { step: 'again', sources: [{ source: 'hr', state: 'skipped', reports: [] }] },
      ],
    })

    const forced = await sluice(folder, 'run', 'nightly', '--only', 'again', '--force', '--quiet')
    expect(forced).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('shows what failed with its remedy, and says of what follows that it was not begun', async () => {
    const folder = await project(nightly)
    rmSync(join(folder, 'hr', 'people.csv'))
    const { status, stdout } = await sluice(folder, 'run', 'nightly')
    expect(status).toBe(1)
    expect(stdout).toMatch(/hr: failed.*\n {4}.*error SLUICE-/)
    expect(stdout).toContain('hr: skipped: Step "both" failed.')
    expect(stdout).toContain('nightly failed')
  })

  test('tries again what may pass, says why and when, and names what a job comes after', async () => {
    const folder = writeProject(`
  load: {schedule: "@daily", retry: {times: 2, wait: 10ms}, steps: [{sync: hr}]}
  next: {after: load, steps: [{sync: ad}]}
  both: {schedule: "@daily", after: [load, next], steps: [{sync: ad}]}`)
    const list = await sluice(folder, 'run')
    expect(list.stdout).toMatch(/next +sync-ad +after load/)
    expect(list.stdout).toMatch(/both +sync-ad +@daily UTC, after load, next/)
    const file = join(folder, 'sluice.yaml')
    const away = 'repository: {url: "postgres://nobody@127.0.0.1:1/none"}\n'
    writeFileSync(file, away + readFileSync(file, 'utf8'))
    const { status, stderr } = await sluice(folder, 'run', 'load')
    expect(status).toBe(1)
    expect(stderr.match(/tried again in .*/g)).toEqual([
      expect.stringMatching(/^tried again in 10 ms \(1 of 2\): Cannot connect to the repository /),
      expect.stringMatching(/^tried again in 20 ms \(2 of 2\): Cannot connect to the repository /),
    ])
    expect(stderr).toContain('error SLUICE-REPOSITORY-01')
  })

  test('says that a job is at work already, whoever runs it', async () => {
    const folder = await project(nightly)
    await using _lock = await takeAgentLock(join(folder, '.sluice', 'state', 'locks'), 'job-nightly')
    expect((await sluice(folder, 'run', 'nightly')).stderr).toMatch(
      /SLUICE-JOB-03: The job "nightly" is already running: process \d+/,
    )
  })

  test.each([
    [['run', 'nigtly'], 'There is no job "nigtly".', 'Did you mean "nightly"?'],
    [['run', 'nightly', '--from', 'agan'], '"nightly" has no step "agan".', 'Did you mean "again"?'],
    [['run', '--only', '1'], 'The name of a job is missing.', 'sluice run JOB'],
    [['agent', 'byhand'], 'The job "byhand" has no schedule.', 'Give it one'],
  ])('refuses %j as wrong usage', async (args, message, remedy) => {
    const { status, stderr } = await sluice(
      await project(`${nightly}\n  byhand: {steps: [{sync: hr}]}`),
      ...args,
    )
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).toContain(remedy)
  })
})

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

function agent(folder: string, ...args: readonly string[]): SluiceProcess {
  const started = spawnSluice(folder, ['agent', ...args])
  running.add(started.child)
  return started
}

const everySecond = (source: string) => `
  tick:
    schedule: "* * * * * *"
    steps: [{sync: ${source}}, {name: second, sync: ${source}}]
`

describe('sluice agent', () => {
  test('starts jobs by their schedule, lets nobody else do so, and ends in peace when it is asked to', async () => {
    const folder = await embeddedProject(everySecond('hr'))
    const first = agent(folder)
    await first.says('the source is done')
    const second = await sluice(folder, 'agent')
    expect(second.status).toBe(1)
    expect(second.stderr).toContain('SLUICE-JOB-04')
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    const done = first.lines().find(({ msg }) => msg === 'the source is done')
    expect(done).toMatchObject({ level: 'info', job: 'tick', source: 'hr', changes: { inserted: 20 } })
    expect(first.lines().at(-1)).toMatchObject({ msg: 'the agent ended' })
    const runs = await sluice(folder, 'runs', '--json')
    expect(runs.stdout).not.toContain('interrupted')
  })

  test('starts a job after another, and not after one that failed', async () => {
    const folder = await embeddedProject(`
  load: {schedule: "* * * * * *", steps: [{sync: hr}]}
  next: {after: load, steps: [{sync: ad}]}
  bad: {schedule: "* * * * * *", steps: [{sync: missing}]}
  never: {after: bad, steps: [{sync: ad}]}`)
    const file = join(folder, 'sluice.yaml')
    const missing =
      '  missing: {folder: missing, entities: {Person: {file: p.csv, key: no, properties: {no: no}}}}\n'
    writeFileSync(file, readFileSync(file, 'utf8').replace('jobs:\n', `${missing}jobs:\n`))
    const all = agent(folder)
    const ended = (job: string) =>
      all.lines().filter((line) => line['job'] === job && line['msg'] === 'the job ended')
    while (ended('next').length === 0 || ended('bad').length === 0) await sleep(25)
    all.child.kill('SIGTERM')
    expect(await all.ended).toBe(0)
    expect(ended('next')[0]).toMatchObject({ state: 'done' })
    expect(ended('bad')[0]).toMatchObject({ state: 'failed' })
    const begun = all.lines().filter(({ msg }) => msg === 'the job begins')
    expect(begun.map(({ job }) => job)).not.toContain('never')
  })

  test('asked twice to stop, gives up the work in hand and leaves no program behind', async () => {
    const folder = await project(everySecond('slow'))
    const slow = agent(folder)
    await slow.says('the step begins')
    while (!existsSync(join(folder, 'pid'))) await sleep(25)
    const exporting = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    slow.child.kill('SIGTERM')
    await slow.says('stops when the steps that are running have ended')
    expect(slow.child.exitCode).toBeNull()
    slow.child.kill('SIGTERM')
    expect(await slow.ended).toBe(0)
    expect(() => process.kill(exporting, 0)).toThrow('ESRCH')
    expect(slow.lines().find(({ msg }) => msg === 'the job ended')).toMatchObject({ state: 'stopped' })
  })

  test('killed at work, goes on where it was when it is started again', async () => {
    const folder = await embeddedProject(everySecond('hr'))
    const killed = agent(folder)
    await killed.says('the step begins')
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = agent(folder)
    await next.says('the source is done')
    next.child.kill('SIGTERM')
    expect(await next.ended).toBe(0)
    expect(next.lines().map(({ msg }) => msg)).toContain('the job was interrupted and starts again')
    const { stdout } = await sluice(folder, 'resources', 'Person', '--csv')
    expect(stdout.trim().split('\n')).toHaveLength(21)
  })

  test('runs each job once for a scheduler of one’s own, with the status of the worst', async () => {
    const folder = await project(`${nightly}\n  other: {schedule: "@daily", steps: [{sync: ad}]}`)
    const all = await sluice(folder, 'agent', '--once')
    expect(all.status).toBe(0)
    rmSync(join(folder, 'ad', 'people.csv'))
    expect((await sluice(folder, 'agent', 'other', '--once')).status).toBe(1)
  })
})
