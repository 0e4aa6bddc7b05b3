/**
 * Jobs that people start, stop and look at through a server: a server and an agent in processes of their own, and somebody at a desk.
 */
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import type { SluiceProcess } from '../test/sluice-process.ts'
import { openThreePlaces, type ThreePlaces } from '../test/three-places.ts'

const common = `
entityTypes:
  Person: {properties: {no: string, name: string}}
  Account: {properties: {no: string, name: string}}
sources:
  hr:
    folder: hr
    thresholds: {deleted: {count: 2}}
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}
  slow:
    export: {command: [node, wait.js]}
    entities: {Account: {file: people.csv, key: no, properties: {no: no, name: name}}}
`
const jobs = `
jobs:
  load: {schedule: "@yearly", steps: [{name: people, sync: hr}]}
  rules: {after: load, steps: [{sync: hr}]}
  long: {steps: [{name: accounts, sync: slow}, {sync: hr}]}
`
/** Until there is a file \`go\`. */
const wait = `
const { existsSync, copyFileSync } = require('fs')
setInterval(() => {
  if (!existsSync('go')) return
  copyFileSync('hr/people.csv', process.env.SLUICE_FOLDER + '/people.csv')
  process.exit(0)
}, 50)
`

let places: ThreePlaces
let folder = ''

beforeAll(async () => {
  places = await openThreePlaces({
    name: 'jobs-there',
    common,
    ofAgent: jobs,
    sources: ['hr', 'slow'],
    tokens: [
      ['office', 'agent', ['hr', 'slow']],
      ['plant', 'agent', ['hr']],
      ['ada', 'operator', []],
      ['eva', 'viewer', []],
    ],
  })
  folder = places.folder
  mkdirSync(join(folder, 'hr'))
  writeFileSync(join(folder, 'wait.js'), wait)
  people(5)
})
afterEach(async () => {
  await places.killAgents()
  rmSync(join(folder, 'go'), { force: true })
})
afterAll(() => places?.[Symbol.asyncDispose]())

const startAgent = () => places.startAgent(async () => JSON.parse((await as('ada', 'jobs', '--json')).stdout))

async function endInPeace(agent: SluiceProcess): Promise<void> {
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
}

async function endAtOnce(agent: SluiceProcess): Promise<void> {
  agent.child.kill('SIGKILL')
  await agent.ended
}

function people(count: number): void {
  const lines = Array.from({ length: count }, (_, number) => `${number},Name ${number}`)
  writeFileSync(join(folder, 'hr', 'people.csv'), ['no,name', ...lines].join('\n'))
}

const as = (name: string, ...args: readonly string[]) => places.as(name, ...args)

/** Until a job is at work at the desk's look. */
async function untilAtWork(job: string): Promise<void> {
  while (!new RegExp(`^${job} .*since \\d\\d:\\d\\d`, 'm').test((await as('ada', 'jobs')).stdout))
    await sleep(100)
}

async function results(job: string): Promise<readonly { readonly [key: string]: unknown }[]> {
  return JSON.parse((await as('eva', 'jobs', 'results', job, '--json')).stdout)
}

test('a job is started from a desk, its agent begins it and those that come after it, and all see what became of them', async () => {
  expect((await as('ada', 'jobs', 'start', 'load')).stderr).toContain('SLUICE-JOB-06')
  const agent = await startAgent()
  const listed = await as('eva', 'jobs')
  expect(listed.stdout).toMatch(/^load +@yearly UTC +\d{4}-01-01 00:00 +none yet/m)
  expect(listed.stdout).toMatch(/^rules +after load +waits for load +none yet/m)
  expect(listed.stdout).toMatch(/^long +by hand/m)

  const started = await as('ada', 'jobs', 'start', 'load', '--wait')
  expect(started).toMatchObject({ status: 0, stderr: '' })
  expect(started.stdout).toMatch(/^Execution [0-9a-f-]{36} of load: done\n {2}begun .* by token ada\n/)
  expect(started.stdout).toMatch(/people \(sync\): done .*\n {2}hr: run 1: 5 inserted/)
  await agent.says('the job ended', ({ job }) => job === 'rules')
  expect(await results('rules')).toMatchObject([{ state: 'done', cause: 'after', start: null }])

  const table = (await as('eva', 'jobs', 'results')).stdout
  expect(table).toMatch(/rules +done .* the jobs before it +2/)
  const [, id = ''] = /^([0-9a-f]{8}) +load/m.exec(table) ?? []
  expect((await as('eva', 'jobs', 'show', id)).stdout).toBe(started.stdout)
  expect((await as('eva', 'jobs', 'show', '00000000')).stderr).toContain('SLUICE-USAGE-07')
  const csv = (await as('eva', 'jobs', 'results', 'load', '--csv')).stdout
  expect(csv).toMatch(/^execution,job,state,cause,by,.*\n[0-9a-f-]{36},load,done,request,ada,/)

  // An agent's token sees what is its own.
  expect((await as('plant', 'jobs')).stderr).toContain('No agent has announced a job to this server yet')
  expect((await as('plant', 'jobs', 'results')).stderr).toBe('No job has been executed yet.\n')
  const refused = await as('eva', 'jobs', 'start', 'load')
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-SERVER-02') })
  await endInPeace(agent)
  const away = await as('ada', 'jobs', 'start', 'load')
  expect(away.stderr).toMatch(/SLUICE-JOB-07: The agent of "load", .* is not there/)
})

test('a held run of a job that was asked for is told by the status of whoever waits', async () => {
  const agent = await startAgent()
  people(1)
  const held = await as('ada', 'jobs', 'start', 'load', '--wait')
  expect(held.status).toBe(3)
  expect(held.stdout).toMatch(
    /of load: held\n.*hr: held; run \d+: 4 deleted: Run \d+ of "hr" exceeds a threshold/s,
  )
  people(5)
  await endInPeace(agent)
  const [run = ''] = /(?<=Run )\d+/.exec(held.stdout) ?? []
  expect((await as('ada', 'runs', 'reject', run)).status).toBe(0)
})

test('a job at work is not started twice; stopped, it gives up what it does, and does not begin again', async () => {
  const agent = await startAgent()
  expect(await as('ada', 'jobs', 'stop', 'long')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('SLUICE-JOB-10'),
  })
  expect((await as('ada', 'jobs', 'start', 'long')).stdout).toMatch(/is asked to begin long, for ada\.\n/)
  await untilAtWork('long')
  expect((await as('ada', 'jobs', 'start', 'long')).stderr).toMatch(
    /SLUICE-JOB-09: .* already running since .*, started by ada/,
  )
  const byHand = await callCommandLine(folder, ['run', 'long'])
  expect(byHand.stderr).toContain('SLUICE-JOB-03')
  const stopped = await as('ada', 'jobs', 'stop', 'long', '--wait')
  expect(stopped).toMatchObject({ status: 0, stderr: '' })
  expect(stopped.stdout).toMatch(/of long: stopped\n.*\n {2}stop +token ada asked for it at /s)
  expect(stopped.stdout).toMatch(
    /accounts \(sync\): stopped .*\n {2}slow: stopped: The job was stopped by ada\./,
  )
  expect(stopped.stdout).toMatch(/hr: skipped: The job was stopped by ada\./)
  await agent.says('the job ended', ({ state }) => state === 'stopped on request')
  await endInPeace(agent)
  const next = await startAgent()
  expect(next.lines().some(({ msg }) => String(msg).includes('starts again'))).toBe(false)
  expect(await results('long')).toHaveLength(1)
  await endInPeace(next)
})

test('an agent that is killed leaves an execution that was cut off, not one that is at work for ever', async () => {
  const agent = await startAgent()
  await as('ada', 'jobs', 'start', 'long')
  await untilAtWork('long')
  await endAtOnce(agent)
  const next = await startAgent()
  while ((await results('long'))[0]?.['state'] === 'running') await sleep(100)
  expect((await results('long'))[0]).toMatchObject({
    state: 'interrupted',
    finishedAt: null,
    cause: 'request',
  })
  expect((await as('eva', 'jobs', 'results', 'long', '--limit', '1')).stdout).toContain('cut off in accounts')
  // Whoever asked for it asks anew.
  writeFileSync(join(folder, 'go'), '')
  expect((await as('ada', 'jobs', 'start', 'long', '--wait')).status).toBe(0)
  await endInPeace(next)
})

test('what ended while the server was away is handed over when it is back', async () => {
  const agent = await startAgent()
  const before = (await results('long')).length
  await as('ada', 'jobs', 'start', 'long')
  await untilAtWork('long')
  await places.killServer()
  // In the folder of the agent nobody needs the server for it.
  const stopped = await callCommandLine(folder, ['jobs', 'stop', 'long'], { user: 'olga' })
  expect(stopped.stdout).toMatch(/is asked to stop long: [0-9a-f]{8}\./)
  await agent.says('the job ended', ({ job }) => job === 'long')
  const journal = join(folder, '.sluice', 'state', 'executions')
  expect(readdirSync(journal)).toHaveLength(1)
  await places.startServer()
  while (readdirSync(journal).length > 0) await sleep(100)
  const kept = await results('long')
  expect(kept).toHaveLength(before + 1)
  expect(kept[0]).toMatchObject({ state: 'stopped', stop: { by: { kind: 'command-line', name: 'olga' } } })
  await endInPeace(agent)
})

test('a changed configuration is announced, and a job that is gone is not begun', async () => {
  const agent = await startAgent()
  appendFileSync(join(folder, 'sluice.yaml'), '  more: {description: Again, steps: [{sync: hr}]}\n')
  agent.child.kill('SIGHUP')
  while (!(await as('eva', 'jobs')).stdout.includes('\nmore ')) await sleep(100)
  expect((await as('ada', 'jobs', 'start', 'more', '--wait', '--json')).stdout).toContain('"state": "done"')
  await endInPeace(agent)
})
