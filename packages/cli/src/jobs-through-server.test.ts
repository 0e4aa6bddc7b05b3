/**
 * Jobs of an agent whose repository is behind a server: the same steps, and what becomes of them when a run is held
 * or the server is away.
 */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  openRemoteProjectHarness,
  type RemoteProjectHarness,
} from '../../project/test/remote-project-harness.ts'
import { callCommandLine } from '../test/call-command-line.ts'

const jobs = `
jobs:
  stages:
    steps: [{export: hr}, {prepare: hr}, {deliver: hr}, {synchronize: hr}]
  changes:
    schedule: "*/15 * * * *"
    steps: [{name: first, sync: hr}, {name: second, sync: hr}]
`

let at: RemoteProjectHarness
beforeEach(async () => {
  at = await openRemoteProjectHarness()
  await appendFile(join(at.folder, 'sluice.yaml'), jobs)
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
})

async function sluice(...args: readonly string[]) {
  const environment = { SLUICE_SERVER: at.url, SLUICE_TOKEN: at.secret }
  const called = await callCommandLine(at.folder, args, { environment })
  return { ...called, stdout: called.stdout.replaceAll(/ \([\d.]+ \w+\)/g, '') }
}

/** As by Ctrl-C, after so many milliseconds, or once it has said something; how long it took from then on. */
async function stopped(when: number | string, ...args: readonly string[]) {
  const stop = new AbortController()
  let asked = 0
  const end = () => {
    asked ||= performance.now()
    stop.abort()
  }
  if (typeof when === 'number') setTimeout(end, when)
  const onStderr = (text: string) => {
    if (typeof when === 'string' && text.includes(when)) end()
  }
  const environment = { SLUICE_SERVER: at.url, SLUICE_TOKEN: at.secret }
  const called = await callCommandLine(at.folder, args, { environment, signal: stop.signal, onStderr })
  return { ...called, took: performance.now() - asked }
}

/** Of the minute for which it would go on trying. */
const atOnce = 20_000

const run = (job: string, ...args: readonly string[]) => sluice('run', job, ...args)

describe('a job through a server', () => {
  test('takes the stages one by one, as it does whole synchronizations', async () => {
    await at.export('Ann', 'Bob')
    const stages = await run('stages')
    expect(stages).toMatchObject({ status: 0, stderr: '' })
    expect(stages.stdout.match(/^ {2}hr: .*/gm)).toEqual([
      '  hr: done',
      '  hr: done',
      '  hr: done',
      '  hr: run 1 applied, complete: 2 inserted',
    ])
    await at.export('Ann', 'Bob', 'Carol')
    const changes = await run('changes')
    expect(changes.status).toBe(0)
    expect(changes.stdout.match(/^ {2}hr: .*/gm)).toEqual([
      '  hr: run 2 applied, incremental: 1 inserted',
      '  hr: run 3 applied, incremental: no changes',
    ])
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('leaves a held source out, whatever the steps, until somebody decides', async () => {
    await at.export('A', 'B', 'C', 'D', 'E')
    await run('stages')
    await at.export('A', 'B')
    const held = await run('changes')
    expect(held.status).toBe(3)
    expect(held.stdout).toMatch(/first\n {2}hr: held Run 2 of "hr" exceeds a threshold.*\n.*runs show 2/)
    expect(held.stdout).toMatch(/second\n {2}hr: skipped: .*The remaining sources wait for a decision/)
    for (const job of ['changes', 'stages']) {
      const after = await run(job)
      expect(after.status).toBe(3)
      expect(after.stdout).toContain('hr: left out: Run 2 of "hr" is held; incremental runs wait')
      expect(after.stdout).not.toContain('hr: done')
    }
    expect(await sluice('runs', 'approve', '2')).toMatchObject({ status: 0 })
    await at.export('A')
    expect(await run('changes')).toMatchObject({ status: 0 })
    expect(await at.names()).toEqual(['A'])
  })

  test('waits while the server is away, and delivers first of all when it is back', async () => {
    await at.export('Ann')
    await run('changes')
    await at.stopServer()
    await at.export('Ann', 'Bob')
    const away = await run('changes')
    expect(away.status).toBe(1)
    expect(away.stdout).toContain(
      'hr: waiting: The changes of "hr" are prepared, but could not be delivered yet; they wait',
    )
    expect(away.stdout).toContain('changes is not finished: the server cannot be reached')
    await at.startServer()
    await at.export('Ann', 'Bob', 'Carol')
    expect(await run('changes')).toMatchObject({ status: 0 })
    const runs = await at.project.repository.runs({ source: 'hr' })
    expect(runs.map(({ mode, state }) => `${mode} ${state}`).slice(0, 3)).toEqual([
      'incremental applied',
      'incremental applied',
      'incremental applied',
    ])
    expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
  })

  test('waits at the stage that needs the server, and goes on from there', async () => {
    await at.export('Ann')
    await at.stopServer()
    const away = await run('stages')
    expect(away.status).toBe(1)
    expect(away.stdout.match(/^ {2}hr: \w+/gm)).toEqual([
      '  hr: done',
      '  hr: done',
      '  hr: waiting',
      '  hr: skipped',
    ])
    await at.startServer()
    expect(await run('stages', '--from', '3')).toMatchObject({ status: 0 })
    expect(await at.names()).toEqual(['Ann'])
  })
})

test('a stop ends the waiting for a server that is away, and what is prepared is delivered later', async () => {
  const file = join(at.folder, 'sluice.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/retryFor: \w+/, 'retryFor: 1m'))
  await at.export('Ann')
  expect((await sluice('prepare', 'hr')).status).toBe(0)
  await at.stopServer()
  for (const command of [
    ['sync', 'hr'],
    ['run', 'changes'],
    ['deliver', 'hr'],
  ]) {
    const ended = await stopped(400, ...command)
    expect({ command, ...ended }).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('Interrupted.'),
    })
    expect(ended.took).toBeLessThan(atOnce)
  }
  const agent = await stopped('the server is away', 'agent', '--once', '--log-format', 'json')
  expect(agent.status).toBe(130)
  expect(agent.took).toBeLessThan(atOnce)
  expect(agent.stderr.match(/the server is away/g)).toHaveLength(1)
  expect(agent.stderr).toMatch(/"state":"stopped","reason":"The changes of .* could not be delivered yet/)
  await at.startServer()
  expect(await sluice('deliver', 'hr')).toMatchObject({ status: 0 })
  expect(await sluice('synchronize', 'hr')).toMatchObject({ status: 0 })
  expect(await at.names()).toEqual(['Ann'])
})

test('sluice agent --once runs what is scheduled, and counts no start of the schedule', async () => {
  await at.export('Ann')
  const once = await sluice('agent', '--once', '--log-format', 'json')
  expect(once.status).toBe(0)
  expect(once.stderr).toContain('"runs":[1]')
  expect(await readdir(join(at.folder, '.sluice/state'))).not.toContain('jobs.json')
})
