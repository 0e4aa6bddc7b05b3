/**
 * What has aged, at the command line: with the repository here, and through a server, which lets it go by itself, too.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLocalProject } from '@sluice/project'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
ageing: off
entityTypes:
  Server: { display: name, properties: { name: string, status: string } }
  Rack: { display: name, properties: { name: string } }
sources:
  cmdb:
    table: true
    entities:
      Server: { fullLoadInterval: 1d, delete: delete, reconciliation: { rules: [[name]] }, properties: { name: {} } }
  racks:
    folder: data
    entities:
      Rack: { file: racks.csv, key: name, properties: { name: name } }
jobs:
  nightly: { steps: [{ age: cmdb }] }
`

const servers = 'key;name\n1;a\n2;b\n3;c\n4;d\n5;e\n6;f\n7;g\n8;h\n'

let place: HereAndThere
beforeAll(async () => {
  place = await hereAndThere('ageing', (folder) => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    writeFileSync(join(folder, 'data', 'racks.csv'), 'name\nr\n')
    writeFileSync(join(folder, 'servers.csv'), servers)
  })
})
afterAll(() => place[Symbol.asyncDispose]())

/** All rows are there, and have been touched just now. */
async function loadAll(role: 'admin' | undefined): Promise<void> {
  expect(await place.caller(role)('load', 'cmdb', 'servers.csv')).toMatchObject({ status: 0 })
}

/** As if two days had gone by since anybody has written these rows. */
async function later(folder: string, ...keys: readonly string[]): Promise<void> {
  await using project = await openLocalProject(folder, { environment: {} })
  await project.repository.database.session((session) =>
    session.execute(`update replica_cmdb_server set last_seen = last_seen - interval '2 days' where key in (${keys.map((key) => `'${key}'`).join(', ')});
      update sluice_load set loaded_at = loaded_at - interval '2 days';
      update replica_cmdb_server set last_seen = clock_timestamp() where key not in (${keys.map((key) => `'${key}'`).join(', ')})`),
  )
}

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('%s', (_, role) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)
  const where = () => (role === undefined ? place.here : place.there)
  beforeEach(() => loadAll(role))

  test('rows that nobody has touched for the interval of their source go when somebody asks for it, and nothing else does', async () => {
    expect(await sluice('age')).toEqual({
      status: 0,
      stdout: 'cmdb: no row is due to be deleted yet.\n',
      stderr: '',
    })
    await later(where(), '1', '2')
    const plan = await sluice('age', 'cmdb', '--dry-run')
    expect(plan.status).toBe(0)
    expect(plan.stdout).toContain('Plan for cmdb (ageing): nothing was written')
    expect(plan.stdout).toContain('sluice age cmdb   does it')
    const aged = await sluice('age')
    expect(aged.status).toBe(0)
    expect(aged.stdout).toMatch(/^Run \d+ of cmdb \(ageing\): applied$/m)
    expect(aged.stdout).toContain('8 replicas: 6 unchanged, 2 disappeared, 2 deleted')
    expect(await sluice('age', '--json')).toMatchObject({ status: 0, stdout: 'null\n' })
  })

  test('a run that exceeds a threshold is held, with what to do about it', async () => {
    await later(where(), '1', '2', '3', '4')
    const held = await sluice('age', 'cmdb')
    expect(held.status).toBe(3)
    expect(held.stdout).toContain('held by a threshold')
    expect(held.stdout).toMatch(
      /sluice age cmdb --force +look again, and delete what is due even over a threshold/,
    )
    const json = await sluice('age', 'cmdb', '--dry-run', '--json')
    expect(json.status).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({ cause: 'ageing', state: 'planned', run: null })
    expect((await sluice('age', 'cmdb', '--force')).stdout).toContain('applied')
  })

  test('it is a step of a job, too', async () => {
    await later(where(), '1')
    const ran = await sluice('run', 'nightly', '--force')
    expect(ran.status).toBe(0)
    expect((await sluice('age')).stdout).toBe('cmdb: no row is due to be deleted yet.\n')
  })

  test('a source that nobody knows is none to age', async () => {
    expect((await sluice('age', 'nobody')).status).not.toBe(0)
  })
})

test('a server lets it go by itself as often as its configuration says', async () => {
  const admin = place.caller('admin')
  await loadAll('admin')
  await later(place.there, '1')
  const path = join(place.there, 'sluice.yaml')
  const off = readFileSync(path, 'utf8')
  await using configured = new AsyncDisposableStack()
  configured.defer(async () => {
    writeFileSync(path, off)
    expect(await admin('server', 'reload')).toMatchObject({ status: 0 })
  })
  writeFileSync(path, off.replace('ageing: off', 'ageing: 100ms'))
  await admin('server', 'reload')
  const last = async () => {
    const { stdout } = await admin('runs', '--limit', '1', '--json')
    return stdout
  }
  while (!/"name": "ageing"[\s\S]*"state": "(?:applied|held)"/.test(await last())) await sleep(100)
  expect(JSON.parse(await last())).toMatchObject([
    {
      cause: 'ageing',
      by: { kind: 'schedule', name: 'ageing' },
      source: 'cmdb',
      state: expect.stringMatching(/applied|held/),
    },
  ])
})
