/**
 * Open tables at the command line: with the repository here, and through a server.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const configuration = `repository: ./repository
entityTypes:
  Server: { display: name, properties: { name: string, serial: string, units: integer, bought: date } }
sources:
  cmdb:
    table: true
    owner: olga
    thresholds: { deleted: 1 }
    entities:
      Server:
        delete: delete
        reconciliation: { rules: [[name]] }
        properties: { name: {}, serial: {}, units: {}, bought: {} }
  hr:
    folder: .
    entities:
      Server: { file: servers.csv, key: name, properties: { name: n } }
jobs:
  nightly: { steps: [{ sync: cmdb }] }
`

const scratch = mkdtempSync(join(tmpdir(), 'sluice-tables-'))
const opened = new AsyncDisposableStack()
const [local, there, agent] = ['local', 'there', 'agent'].map((name) => join(scratch, name))
if (local === undefined || there === undefined || agent === undefined) throw new Error('three folders')
const environments: Record<string, Readonly<Record<string, string>>> = {}

beforeAll(async () => {
  opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
  for (const folder of [local, there, agent]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    writeFileSync(join(folder, 'three.csv'), 'primary_key,name,units\n1,a,1\n2,b,2\n3,c,3\n')
    writeFileSync(
      join(folder, 'bad.csv'),
      'primary_key,name,units,bought\n1,a,1,2020-01-31\n4,d,four,\n5,e,5,soon\n',
    )
    writeFileSync(join(folder, 'one.csv'), 'primary_key,name\n1,a\n')
  }
  opened.use(await moveToServer(local))
  opened.use(await moveToServer(there))
  const server = opened.use(await serveFolder(there))
  const make = async (name: string, role: 'admin' | 'agent' | 'viewer', sources: readonly string[]) => {
    environments[name] = await server.environmentOf({ name, role, sources: [...sources] })
  }
  await make('grace', 'admin', [])
  await make('loader', 'agent', ['cmdb'])
  await make('olga', 'agent', ['cmdb'])
  await make('looker', 'viewer', [])
})
afterAll(() => opened.disposeAsync())

/** As the token of this name through the server; on the repository itself when none is named. */
function caller(token: string | undefined) {
  const folder = token === undefined ? local : agent
  const environment = () => (token === undefined ? {} : environments[token])
  return (args: string, input?: string) =>
    callCommandLine(folder ?? '', args.split(' '), { environment: environment(), input })
}

describe.each([
  ['here', undefined],
  ['through a server', 'grace'],
] as const)('%s', (_, token) => {
  const sluice = caller(token)

  test('the story of a table: planned, loaded, run, looked at, held, forced', async () => {
    const planned = await sluice('load cmdb three.csv --separator , --dry-run')
    expect(planned.stderr).toBe('')
    expect(planned.stdout).toContain('Read 3 rows of Server into cmdb: 3 would be inserted')
    expect(planned.stdout).toContain('Server: 3 replicas: 3 created')
    expect(planned.stdout).toContain('sluice load cmdb three.csv --separator ,   does it')
    expect(planned.status).toBe(0)
    const loaded = await sluice('load cmdb three.csv --separator ,')
    expect(loaded.stdout).toContain('Loaded 3 rows of Server into cmdb: 3 inserted')
    expect(loaded.stdout).toContain('Server: 3 replicas: 3 created')
    expect(loaded.stdout).toMatch(/Run \d+ of cmdb \(complete\): applied/)

    const bad = await sluice('load cmdb bad.csv --separator ,')
    expect(bad.status).toBe(1)
    expect(bad.stderr).toContain('line 3 of bad.csv, row 4, column units: "four" is not a whole number')

    const lenient = await sluice('load cmdb bad.csv --separator , --continue --no-run')
    expect(lenient.stdout).toContain(
      'Loaded 3 rows of Server into cmdb: 1 inserted, 1 changed, 1 bad, left out',
    )
    expect(lenient.stdout).toContain('line 4, row 5, column bought: "soon" is not a date')
    expect(lenient.stdout).toContain('sluice synchronize cmdb')

    const fresh = JSON.parse((await sluice('replicas cmdb Server --status new --json')).stdout)
    expect(fresh).toMatchObject([
      { entityType: 'Server', key: '5', status: 'new', resourceId: null, display: null, creator: false },
    ])
    const dry = await sluice('synchronize cmdb --dry-run')
    expect(dry.stdout).toContain('Plan for cmdb (replicas)')
    const run = await sluice('synchronize cmdb')
    expect(run.stdout).toContain('applied')
    const csv = (await sluice('replicas cmdb --csv')).stdout.split('\n')
    expect(csv[0]).toBe('entityType,key,status,resourceId,display,creator,lastSeen,error,warnings')
    expect(csv[4]).toMatch(/^Server,5,synchronized,\d+,e,true,/)

    const held = await sluice('load cmdb - --separator ,', 'primary_key,name\n1,a\n')
    expect(held.status).toBe(3)
    expect(held.stdout).toContain('held by a threshold')
    const forced = await sluice('load cmdb one.csv --separator , --force --json')
    expect(JSON.parse(forced.stdout)).toMatchObject({ load: { identical: 1 }, report: { state: 'applied' } })
    expect((await sluice('resources Server --csv')).stdout).toBe(
      'name,serial,units,bought\na,,1,2020-01-31\n',
    )
  })

  test('sync and plan of an open table run it, and so does the step of a job', async () => {
    expect((await sluice('plan cmdb')).stdout).toContain('nothing would change')
    expect((await sluice('sync cmdb')).stdout).toMatch(/Run \d+ of cmdb/)
    const job = await sluice('run nightly')
    expect([job.status, job.stderr]).toEqual([0, ''])
  })

  test('shows which tables are to be filled, and how their columns are called', async () => {
    const { stdout } = await sluice('replicas cmdb --table')
    expect(stdout).toMatch(/^\w+\.synchro_data_server_\d+$/m)
    expect(stdout).toMatch(/^primary_key +the key of the row +text$/m)
    expect(stdout).toMatch(/^bought +bought +date$/m)
  })

  test.each([
    ['export cmdb', 'SLUICE-LOAD-06'],
    ['deliver cmdb', 'SLUICE-LOAD-06'],
    ['load hr three.csv', 'SLUICE-LOAD-05'],
    ['load nowhere three.csv', 'SLUICE-PROJECT-01'],
    ['load cmdb gone.csv', 'gone.csv'],
    ['load cmdb three.csv --separator ;;', 'SLUICE-LOAD-04'],
    ['load cmdb three.csv', 'SLUICE-LOAD-02'],
    ['replicas nowhere', 'SLUICE-REPOSITORY-12'],
    ['replicas cmdb --status lost', '--status'],
    ['synchronize hr --dry-run', 'sluice plan hr'],
  ])('%s is refused: %s', async (args, says) => {
    const { status, stderr } = await sluice(args)
    expect(stderr).toContain(says)
    expect(status).not.toBe(0)
  })
})

describe('at a server', () => {
  test('whoever may deliver loads, and only the owner or an administrator runs', async () => {
    const loaded = await caller('loader')('load cmdb one.csv --separator ,')
    expect(loaded.stdout).toContain('Loaded 1 row of Server into cmdb')
    expect(loaded.stderr).toContain('SLUICE-RUN-04')
    expect(loaded.status).toBe(1)
    expect((await caller('loader')('synchronize cmdb')).stderr).toContain('SLUICE-RUN-04')
    expect((await caller('looker')('synchronize cmdb')).stderr).toContain('SLUICE-RUN-04')
    expect((await caller('looker')('load cmdb one.csv')).stderr).toContain('SLUICE-SERVER-02')
    const { status, stdout } = await caller('olga')('load cmdb one.csv --separator ,')
    expect([status, stdout]).toEqual([0, expect.stringContaining('applied')])
  })

  test('rights to the database are given where that is', async () => {
    const { stderr } = await caller(undefined)('source grant cmdb nobody_of_this_name')
    expect(stderr).toContain('SLUICE-REPOSITORY-25')
    const delivered = await caller(undefined)('source grant hr nobody_of_this_name')
    expect(delivered.stderr).toContain('SLUICE-LOAD-05')
  })
})
