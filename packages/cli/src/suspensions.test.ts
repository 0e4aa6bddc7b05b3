/**
 * Sources that are suspended, at the command line: with the repository here, and through a server.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Person: { display: name, properties: { number: string, name: string } }
sources:
  hr:
    folder: data
    thresholds: off
    entities:
      Person: { file: people.csv, key: number, properties: { number: number, name: name } }
jobs:
  nightly: { steps: [{ sync: hr }] }
`

let place: HereAndThere
beforeEach(async () => {
  place = await hereAndThere(
    'suspensions',
    (folder) => {
      mkdirSync(join(folder, 'data'))
      writeFileSync(join(folder, 'sluice.yaml'), configuration)
      writeFileSync(join(folder, 'data', 'people.csv'), 'number,name\n1,Ada\n2,Bob\n')
    },
    async (folder) => {
      await callCommandLine(folder, ['sync', 'hr', '--quiet'])
    },
  )
})
afterEach(() => place[Symbol.asyncDispose]())

const since = /since \d{4}-\d\d-\d\d \d\d:\d\d UTC/

describe.each([
  ['here', undefined, 'tester'],
  ['through a server', 'admin', 'admin'],
] as const)('%s', (_, role, name) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)

  test('a source is suspended with a reason, says so everywhere, does not run, and is resumed', async () => {
    const suspended = await sluice('source', 'suspend', 'hr', '--reason', 'mending', '--until', '2999-01-01')
    expect(suspended.status).toBe(0)
    expect(suspended.stdout).toMatch(since)
    expect(suspended.stdout).toContain(`until 2999-01-01 00:00 UTC, by ${name}: mending`)
    expect((await sluice('source', 'list')).stdout).toMatch(
      /hr .*sluice\.yaml:\d+ +delivered +auto +production, suspended/,
    )
    expect((await sluice('source', 'show', 'hr')).stdout).toMatch(/^# Suspended since .*: mending$/m)
    expect((await sluice('explain', 'Person', '1')).stdout).toMatch(/^hr is suspended since .*: mending$/m)

    const sync = await sluice('sync', 'hr')
    expect(sync.status).toBe(1)
    expect(sync.stderr).toContain('SLUICE-DELIVER-16')
    expect(sync.stderr).toContain('sluice source resume hr')
    // What it would do may be asked.
    if (role === undefined) expect((await sluice('plan', 'hr')).status).toBe(0)
    const job = await sluice('run', 'nightly')
    expect(job.status).toBe(0)
    expect(`${job.stdout}${job.stderr}`).toMatch(/skipped.*[\s\S]*Source hr is suspended/)

    expect((await sluice('source', 'resume', 'hr')).stdout).toBe('Source hr can run again.\n')
    expect((await sluice('source', 'resume', 'hr')).stdout).toBe('Source hr was not suspended.\n')
    expect((await sluice('source', 'show', 'hr', '--history')).stdout).toMatch(
      /hr resumed, by [\s\S]*hr suspended \(until 2999-01-01.*: mending\), by /,
    )
    expect((await sluice('sync', 'hr')).status).toBe(0)
    expect((await sluice('explain', 'Person', '1')).stdout).not.toContain('suspended')
  })

  test('a source that nobody knows, and a time that is over, are refused', async () => {
    expect((await sluice('source', 'suspend', 'nobody')).stderr).toContain('SLUICE-SOURCE-04')
    expect((await sluice('source', 'suspend', 'hr', '--until', '2020-01-01')).stderr).toContain(
      'SLUICE-SOURCE-10',
    )
    expect((await sluice('source', 'suspend', 'hr', '--until', 'soon')).status).toBe(2)
  })

  test('a run that is taken back suspends the source that would bring it again, where that is wanted', async () => {
    const last = async () => {
      const runs: unknown = JSON.parse((await sluice('runs', '--source', 'hr', '--json')).stdout)
      return Array.isArray(runs) ? String(runs.at(-1)?.run) : ''
    }
    const plan = await sluice('runs', 'revert', await last(), '--dry-run', '--force')
    expect(plan.stdout).toMatch(
      /sluice runs revert \d+ --suspend +does it, and suspends hr until somebody resumes it/,
    )
    const reverted = await sluice(
      'runs',
      'revert',
      await last(),
      '--suspend',
      '--force',
      '--comment',
      'of last year',
    )
    expect(reverted.stdout).toContain('Source hr is suspended: sluice source resume hr lets it run again.')
    expect(reverted.stdout).not.toContain('sluice source suspend')
    expect((await sluice('source', 'show', 'hr')).stdout).toMatch(/^# Suspended since .*: of last year$/m)
    expect((await sluice('sync', 'hr')).stderr).toContain('SLUICE-DELIVER-16')
    await sluice('source', 'resume', 'hr')
  })
})

test('who takes a run back at a terminal is asked whether the source is to be suspended', async () => {
  const sluice = (...args: readonly string[]) => callCommandLine(place.here, args, { answer: 'yes' })
  const runs: unknown = JSON.parse((await sluice('runs', '--source', 'hr', '--limit', '1', '--json')).stdout)
  const run = Array.isArray(runs) ? String(runs[0]?.run) : ''
  const reverted = await sluice('runs', 'revert', run, '--force')
  expect(reverted.stdout).toContain('sluice source suspend hr')
  expect(reverted.stdout).toContain('Source hr is suspended: sluice source resume hr lets it run again.')
  expect((await sluice('sync', 'hr')).stderr).toMatch(/is suspended .*: run \d+ was taken back\./)
})
