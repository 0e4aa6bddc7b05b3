/**
 * What became of jobs, where the repository is in the folder of the project: looked at, stopped and cut off.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { spawnSluice } from '../test/sluice-process.ts'

const yaml = `
entityTypes:
  Person: {properties: {no: string, name: string}}
  Account: {properties: {no: string, name: string}}
sources:
  hr: {folder: hr, entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}}
  slow:
    export: {command: [node, -e, "require('fs').writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 600000)"]}
    entities: {Account: {file: people.csv, key: no, properties: {no: no, name: name}}}
jobs:
  load: {schedule: "@yearly", steps: [{name: people, sync: hr}]}
  rules: {after: load, steps: [{sync: hr}]}
  patient: {retry: {times: 3, wait: 10m}, steps: [{sync: hr}]}
  long: {steps: [{name: accounts, sync: slow}, {sync: hr}]}
`

let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-results-'))
  const { location } = await testLocation('pglite')
  if (location.kind === 'folder') await rename(location.path, join(folder, 'repository'))
  mkdirSync(join(folder, 'hr'))
  writeFileSync(join(folder, 'hr', 'people.csv'), 'no,name\n1,Ada\n2,Bob\n')
  writeFileSync(join(folder, 'sluice.yaml'), yaml)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sluice = (...args: readonly string[]) => callCommandLine(folder, args, { user: 'olga' })

interface Result {
  readonly execution: string
  readonly state: string
}

async function results(...args: readonly string[]): Promise<readonly Result[]> {
  return JSON.parse((await sluice('jobs', 'results', ...args, '--json')).stdout)
}

/** A process that executes the job, in the middle of its first step. */
async function longAtWork() {
  const spawned = spawnSluice(folder, ['run', 'long'])
  while (!existsSync(join(folder, 'pid'))) {
    if (spawned.child.exitCode !== null) throw new Error('It ended before its program began.')
    await sleep(25)
  }
  return { ...spawned, program: Number(readFileSync(join(folder, 'pid'), 'utf8')) }
}

test('jobs are listed with what is known of them, and results as tables, CSV and JSON', async () => {
  const none = await sluice('jobs', 'results')
  expect(none).toMatchObject({ status: 0, stderr: 'No job has been executed yet.\n' })
  const before = await sluice('jobs')
  expect(before.stdout).toMatch(/^load +@yearly UTC +\d{4}-01-01 00:00, when an agent runs +none yet$/m)
  expect(before.stdout).toMatch(/^rules +after load +waits for load, when an agent runs +none yet$/m)
  expect(before.stdout).toMatch(/^long +by hand +none yet$/m)

  // Without a server, nobody else could begin it.
  const started = await sluice('jobs', 'start', 'load')
  expect(started.status).toBe(0)
  expect(started.stdout).toMatch(/^people\n {2}hr: run 1 applied, complete: 2 inserted .*\nload is done/)
  expect((await sluice('jobs')).stdout).toMatch(/^load .* done +\d{4}-\d\d-\d\d \d\d:\d\d$/m)
  expect((await sluice('jobs', '--csv')).stdout).toMatch(
    /^job,description,steps,.*\nload,,people,@yearly UTC,"",\d{4}-01-01T00:00:00\.000Z,"",,,[0-9a-f-]{36},done,/,
  )
  expect(JSON.parse((await sluice('jobs', '--json')).stdout)).toMatchObject([
    { job: 'load', last: { state: 'done', cause: 'request', by: { kind: 'command-line', name: 'olga' } } },
    { job: 'rules', waitsFor: ['load'], last: null },
    { job: 'patient' },
    { job: 'long' },
  ])

  const [kept] = await results()
  expect(kept).toMatchObject({
    job: 'load',
    state: 'done',
    steps: [
      { step: 'people', state: 'done', sources: [{ source: 'hr', runs: [1], changes: { inserted: 2 } }] },
    ],
  })
  const shown = await sluice('jobs', 'show', kept?.execution.slice(0, 8) ?? '')
  expect(shown.stdout).toMatch(
    /^Execution .* of load: done\n {2}begun .* by olga at the command line\n {2}ended /,
  )
  expect(JSON.parse((await sluice('jobs', 'show', kept?.execution ?? '', '--json')).stdout)).toEqual(kept)
  expect((await sluice('jobs', 'results', 'rules')).stderr).toBe('No execution of rules is kept.\n')
  expect(readdirSync(join(folder, '.sluice', 'state', 'executions'))).toEqual([])
})

test('a job at work is listed from the work folder, stopped from there, and gives up all of what it does', async () => {
  const long = await longAtWork()
  const listed = await sluice('jobs')
  expect(listed.stdout).toMatch(/^long +by hand +since \d\d:\d\d, accounts +not known$/m)
  expect(listed.stderr).toMatch(/^How they ended last is not known: The repository .* is in use by process/)
  const stopped = await sluice('jobs', 'stop', 'long', '--wait')
  expect(stopped.status).toBe(0)
  expect(stopped.stdout).toMatch(/of long: stopped\n.* {2}stop +olga at the command line asked for it at /s)
  expect(await long.ended).toBe(130)
  expect(() => process.kill(long.program, 0)).toThrow('ESRCH')
  expect((await sluice('jobs', 'results', 'long')).stdout).toMatch(/long +stopped .* stopped by olga$/m)
  const again = await sluice('jobs', 'stop', 'long')
  expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-JOB-10') })
})

test('a job that waits to open its project, because another process has the repository, is stopped at once', async () => {
  const long = await longAtWork()
  const patient = spawnSluice(folder, ['run', 'patient'])
  let printed = ''
  patient.child.stderr?.on('data', (chunk) => {
    printed += String(chunk)
  })
  while (!printed.includes('tried again in')) {
    expect(patient.child.exitCode, printed).toBe(null)
    await sleep(25)
  }
  const stopped = await sluice('jobs', 'stop', 'patient')
  expect(stopped).toMatchObject({ status: 0, stdout: 'patient had not begun, and does not.\n' })
  expect(await patient.ended).toBe(130)
  expect(printed).toContain('The job was stopped by olga.')
  await sluice('jobs', 'stop', 'long', '--wait')
  expect(await long.ended).toBe(130)
  expect((await sluice('jobs', 'results', 'patient')).stdout).toMatch(/patient +stopped .* stopped by olga$/m)
})

test('a process that is killed leaves an execution that was cut off', async () => {
  const long = await longAtWork()
  long.child.kill('SIGKILL')
  await long.ended
  process.kill(long.program, 'SIGKILL')
  const [cut] = await results('long', '--limit', '1')
  expect(cut).toMatchObject({ state: 'interrupted', finishedAt: null })
  expect((await sluice('jobs', 'show', cut?.execution ?? '')).stdout).toMatch(
    /of long: interrupted\n.* {2}silent +since .*\naccounts \(sync\): cut off/s,
  )
  expect((await sluice('jobs')).stdout).toMatch(/^long +by hand +interrupted/m)
  const status = await sluice('status')
  expect(status.stderr).toMatch(/sluice jobs show [0-9a-f]{8} +The job long was interrupted at .* UTC\./)
  expect(JSON.parse((await sluice('status', '--json')).stdout)).toMatchObject({
    failedJobs: [{ job: 'long', execution: cut?.execution, state: 'interrupted' }],
  })
})

test('a job that could not even begin is a result, once the repository can be opened', async () => {
  const file = join(folder, 'sluice.yaml')
  writeFileSync(file, `repository: {url: "postgres://nobody@127.0.0.1:1/none"}\n${yaml}`)
  expect((await sluice('run', 'load')).stderr).toContain('SLUICE-REPOSITORY-01')
  writeFileSync(file, yaml)
  const [failed] = await results('load')
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'SLUICE-REPOSITORY-01' }, steps: [] })
  expect((await sluice('jobs', 'results', 'load', '--limit', '1')).stdout).toContain(
    'Cannot connect to the repository',
  )
  expect((await sluice('jobs', 'show', failed?.execution ?? '')).stdout).toMatch(
    / {2}error +SLUICE-REPOSITORY-01: .*\n +→ /,
  )
})
