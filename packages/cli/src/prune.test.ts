/**
 * Pruning at the command line: with the repository here, and through a server, which prunes by itself, too.
 */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLocalProject } from '@sluice/project'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
retention: { prune: off, runs: { count: 5 } }
entityTypes:
  Rack: { display: name, properties: { name: string, size: string } }
sources:
  racks:
    folder: data
    thresholds: off
    entities:
      Rack: { file: racks.csv, key: name, properties: { name: name, size: size } }
`

let place: HereAndThere
beforeEach(async () => {
  place = await hereAndThere(
    'prune',
    (folder) => {
      mkdirSync(join(folder, 'data'))
      writeFileSync(join(folder, 'sluice.yaml'), configuration)
    },
    async (folder) => {
      for (const size of ['1', '2', '3']) {
        writeFileSync(join(folder, 'data', 'racks.csv'), `name,size\na,${size}\n`)
        await callCommandLine(folder, ['sync'])
      }
      await longAgo(folder, 2)
    },
  )
})
afterEach(() => place[Symbol.asyncDispose]())

/** As if the runs up to one had been two years ago. */
async function longAgo(folder: string, through: number): Promise<void> {
  await using project = await openLocalProject(folder, { environment: {} })
  await project.repository.database.session((session) =>
    session.execute(`update sluice_run set started_at = started_at - interval '2 years' where run_id <= ${through};
      update sluice_delivery set announced_at = announced_at - interval '2 years'
        where delivery_id in (select delivery_id from sluice_run where run_id <= ${through})`),
  )
}

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('%s', (_, role) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)

  test('says what would go, removes it, and then there is nothing', async () => {
    const plan = join(place.placeOf(role).folder, '.sluice', 'plan-Ab12Cd')
    mkdirSync(plan, { recursive: true })
    utimesSync(plan, 1_600_000_000, 1_600_000_000)
    const planned = await sluice('prune', '--dry-run')
    expect(planned.stdout).toMatch(/^what +would be removed +takes\nhistory +1 +\d+ B\nruns +2 +/)
    expect(planned.stdout).toMatch(/\ndeliveries +2 +/)
    expect(planned.stdout).toContain('\n  plan-Ab12Cd\n')
    const { stdout } = await sluice('prune', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: false,
      done: true,
      kinds: [
        { kind: 'history', removed: 1 },
        { kind: 'runs', removed: 2 },
        { kind: 'rejectedRows', removed: 0 },
        { kind: 'deliveries', removed: 2 },
        { kind: 'executions', removed: 0 },
        { kind: 'notifications', removed: 0 },
        { kind: 'audit', removed: 0 },
        { kind: 'sessions', removed: 0 },
        { kind: 'files' },
      ],
      paths: ['plan-Ab12Cd'],
    })
    expect(await sluice('prune')).toEqual({ status: 0, stdout: 'There was nothing to remove.\n', stderr: '' })
  })

  test('a value of which the history is gone says so, and a run that is gone cannot be reverted', async () => {
    await sluice('prune')
    const { stdout } = await sluice('explain', 'Rack', 'a')
    expect(stdout).toMatch(/name +a +racks +before the history that is kept/)
    expect(stdout).toMatch(/size +3 +racks +run 3/)
    expect(stdout).toContain('What the runs up to 2 changed is no longer kept.')
    for (const args of [
      ['show', '1'],
      ['changes', '2'],
      ['approve', '2'],
      ['rejected', '1'],
    ])
      expect(await sluice('runs', ...args), args.join(' ')).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /SLUICE-PRUNE-02: Run [12] is no longer kept: it was pruned, on \d{4}-\d\d-\d\d at the latest\./,
        ),
      })
    expect((await sluice('runs', 'show', '4')).stderr).toContain('There is no run 4.')
    const reverted = await sluice('runs', 'revert', '2')
    expect(reverted.status).not.toBe(0)
    expect(reverted.stderr).toContain('Run 2 cannot be taken back: what it changed was pruned.')
  })
})

test('a viewer may not prune', async () => {
  const { status, stderr } = await place.caller('viewer')('prune')
  expect(status).not.toBe(0)
  expect(stderr).toContain('SLUICE-')
})

test('a server prunes by itself as often as its configuration says', async () => {
  const admin = place.caller('admin')
  writeFileSync(join(place.there, 'data', 'racks.csv'), 'name,size\na,4\n')
  const runs = async () =>
    JSON.parse((await admin('runs', '--json')).stdout).map(({ run }: { run: number }) => run)
  expect(await runs()).toEqual([3, 2, 1])
  const path = join(place.there, 'sluice.yaml')
  await longAgo(place.there, 3)
  writeFileSync(path, readFileSync(path, 'utf8').replace('prune: off', 'prune: 100ms'))
  await admin('server', 'reload')
  const history = async () => JSON.parse((await admin('explain', 'Rack', 'a', '--json')).stdout)
  while ((await history()).prunedThrough !== 3) await sleep(100)
  // The last run of a source stays.
  expect(await runs()).toEqual([3])
})
