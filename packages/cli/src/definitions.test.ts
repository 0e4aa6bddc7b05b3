/**
 * Definitions of sources that are kept in the repository: at the command line, with the repository here and through a server.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'
import { serveFolder } from '../test/serve-folder.ts'

const configuration = `repository: ./repository
entityTypes:
  Server: { display: name, properties: { name: string, serial: string, units: integer } }
  Rack: { display: name, properties: { name: string } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Server:
        file: servers.csv
        key: name
        thresholds: off
        reconciliation: { rules: [[name]] }
        properties: { name: n, serial: s }
`

const files = {
  'cmdb.yaml': `# inventory
sources:
  cmdb:
    table: true # open
    owner: olga
    precedence: 5
    thresholds: off
    entities:
      Server: { thresholds: off, delete: delete, reconciliation: { rules: [[name]] }, properties: { name: {}, units: {}, serial: {} } }
`,
  'racks.yaml': `sources:
  racks:
    entities:
      Rack: { file: racks.csv, key: name, properties: { name: name } }
`,
  'broken.yaml': `sources:
  cmdb:
    table: true
    entities:
      Sever: { properties: { name: {} } }
  other:
    export: { command: ./run.sh }
    folder: /etc
    entities:
      Rack: { file: ../shadow, key: name, properties: { name: name } }
`,
  'hr.yaml': 'sources:\n  hr: { table: true, entities: { Rack: { properties: { name: {} } } } }\n',
  'servers.csv': 'n,s\na,s-a\nb,s-b\n',
  'c.csv': 'primary_key,name,units,serial\n1,a,1,c-a\n2,c,2,c-c\n',
  'racks.csv': `name\n${Array.from({ length: 20 }, (_, index) => `r${index}\n`).join('')}`,
}

const scratch = mkdtempSync(join(tmpdir(), 'sluice-definitions-'))
const opened = new AsyncDisposableStack()
const environments: Record<string, Readonly<Record<string, string>>> = {}
const folderOf = (name: string) => join(scratch, name)

function project(name: string) {
  const folder = folderOf(name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'sluice.yaml'), configuration)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}

beforeAll(async () => {
  opened.defer(() => rmSync(scratch, { recursive: true, force: true }))
  for (const name of ['here', 'there', 'agent', 'gone', 'files', 'held', 'kept', 'embedded', 'beside'])
    project(name)
  for (const name of ['here', 'there', 'gone', 'files', 'held', 'kept', 'beside'])
    opened.use(await moveToServer(folderOf(name)))
  const server = opened.use(await serveFolder(folderOf('there')))
  const embedded = opened.use(await serveFolder(folderOf('embedded')))
  const beside = opened.use(await serveFolder(folderOf('beside')))
  environments['bea'] = await beside.environmentOf({ name: 'bea', role: 'admin', sources: [] })
  environments['grace'] = await server.environmentOf({ name: 'grace', role: 'admin', sources: [] })
  environments['vera'] = await server.environmentOf({ name: 'vera', role: 'viewer', sources: [] })
  environments['ida'] = await embedded.environmentOf({ name: 'ida', role: 'admin', sources: [] })
})
afterAll(() => opened.disposeAsync())

function caller(name: string, token?: string, answer?: string) {
  return (args: string, input?: string) =>
    callCommandLine(folderOf(name), args.split(' '), {
      environment: token === undefined ? {} : environments[token],
      input,
      answer,
    })
}

const resources = async (sluice: ReturnType<typeof caller>, type = 'Server') =>
  (await sluice(`resources ${type} --csv`)).stdout.trim().split('\n').slice(1).sort()

describe.each([
  ['here', 'here', undefined],
  ['through a server', 'agent', 'grace'],
  ['through a server with an embedded repository', 'agent', 'ida'],
] as const)('%s', (_, folder, token) => {
  const sluice = caller(folder, token)

  test('a source is stored, changed, worked with, renamed, and deleted', async () => {
    expect((await sluice('sync hr')).status).toBe(0)
    const dry = await sluice('source apply cmdb.yaml --dry-run')
    expect(dry.stderr).toBe('')
    expect(dry.stdout).toContain('source cmdb: created\n  would: adds source cmdb')
    expect((await sluice('source list')).stdout).not.toContain('cmdb')
    expect((await sluice('source apply cmdb.yaml')).stdout).toContain('source cmdb: created')
    expect((await sluice('source apply cmdb.yaml')).stdout).toBe('source cmdb: unchanged\n')
    const changed = await sluice('source apply -', files['cmdb.yaml'].replace('olga', 'otto'))
    expect(changed.stdout).toBe('source cmdb: changed\n  owner: "olga" → "otto"\n')

    const tried = await sluice('load cmdb c.csv --separator , --dry-run')
    expect(tried.stdout).toContain('Read 2 rows of Server into cmdb: 2 would be inserted')
    expect((await sluice('synchronize cmdb --dry-run')).stdout).toContain('Plan for cmdb (replicas)')
    expect((await sluice('token create loader --role agent --source cmdb')).status).toBe(0)
    expect((await sluice('load cmdb c.csv --separator ,')).stdout).toContain('Loaded 2 rows of Server')
    expect((await sluice('synchronize cmdb')).status).toBe(0)
    expect(await resources(sluice)).toEqual(['a,c-a,1', 'b,s-b,', 'c,c-c,2'])
    const listed = JSON.parse((await sluice('source list --json')).stdout)
    expect(listed).toMatchObject([
      { name: 'hr', definedIn: 'file', kind: 'delivered', mode: 'auto', replicas: 2, resources: 2 },
      {
        name: 'cmdb',
        definedIn: 'stored',
        place: null,
        kind: 'open',
        owner: 'otto',
        entityTypes: ['Server'],
        replicas: 2,
        resources: 2,
        lastRun: { state: 'applied' },
      },
    ])
    expect(listed[0].place).toMatch(/sluice.yaml:\d+$/)

    expect((await sluice('source rename cmdb inventory')).stdout).toContain('inventory')
    expect((await sluice('replicas inventory --csv')).stdout).toMatch(/Server,1,synchronized/)
    expect((await sluice('token list --json')).stdout).toContain('"inventory"')
    expect((await sluice('load inventory c.csv --separator ,')).stdout).toContain('2 as they were')
    const changes = JSON.parse((await sluice('source show inventory --history --json')).stdout)
    expect(changes).toMatchObject([
      { source: 'inventory', event: 'renamed', detail: 'cmdb' },
      { source: 'cmdb', event: 'changed' },
      { source: 'cmdb', event: 'created', definition: expect.stringContaining('table: true # open') },
    ])

    const unsaid = await sluice('source delete inventory')
    expect(unsaid.status).toBe(1)
    expect(unsaid.stderr).toContain('SLUICE-SOURCE-05')
    expect(unsaid.stderr).toContain('keep|hand-on|delete')
    const planned = await sluice('source delete inventory --resources delete --dry-run')
    expect(planned.stdout).toContain('1 resource that it created and no other source holds would be deleted')
    expect(planned.stdout).toContain('Plan for inventory (removal)')
    expect(await resources(sluice)).toHaveLength(3)
    const gone = await sluice('source delete inventory --resources hand-on')
    expect(gone.stdout).toContain('Source inventory is deleted.')
    // What hr says of it takes the place of what is gone; what nobody else holds stays.
    expect(await resources(sluice)).toEqual(['a,s-a,1', 'b,s-b,', 'c,c-c,2'])
    expect((await sluice('source list')).stdout).not.toContain('inventory')
    expect((await sluice('sync hr --mode complete')).status).toBe(0)
    expect(await resources(sluice)).toEqual(['a,s-a,1', 'b,s-b,', 'c,c-c,2'])
  })

  test('what a file defines is read-only, and what is wrong is told with its place', async () => {
    const refused = await sluice('source apply hr.yaml')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toMatch(
      /SLUICE-SOURCE-03: Source hr is defined in .*sluice.yaml:\d+ and can be changed only there/,
    )
    expect((await sluice('source delete hr --resources keep')).stderr).toContain('SLUICE-SOURCE-03')
    expect((await sluice('source rename hr people')).stderr).toContain('people: {renamedFrom: hr')
    const broken = await sluice('source apply broken.yaml')
    expect(broken.status).toBe(1)
    expect(broken.stderr).toContain('broken.yaml:5:7: error: There is no entity type "Sever".')
    expect(broken.stderr).toContain('broken.yaml:7:5: error: A stored source cannot have an export')
    expect(broken.stderr).toContain(
      'broken.yaml:8:5: error: A stored source cannot name a folder: it would be on some machine.',
    )
    expect(broken.stderr).toContain('broken.yaml:10:21: error: "../shadow" would leave the folder')
    expect((await sluice('source show nobody')).stderr).toContain('SLUICE-SOURCE-04')
  })
})

test('who stores what is no administrator is refused, and a viewer may look', async () => {
  const sluice = caller('agent', 'vera')
  expect((await sluice('source apply cmdb.yaml')).stderr).toContain('SLUICE-SERVER-02')
  expect((await sluice('source delete hr --resources keep')).stderr).toContain('SLUICE-SERVER-02')
  expect((await sluice('source list')).stdout).toContain('hr')
  expect((await sluice('source show hr')).stdout).toContain('# Defined in')
})

describe('a delivered source that is stored', () => {
  test('is delivered, run by jobs, and goes with what it has when somebody approves that', async () => {
    const sluice = caller('held')
    const yaml = join(folderOf('held'), 'sluice.yaml')
    const job = `jobs: { nightly: { steps: [{ sync: racks }] } }\n`
    writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}${job}`)
    expect((await sluice('sync hr')).stderr).toContain('There is no source "racks".')
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace(job, ''))
    expect((await sluice('source apply racks.yaml')).stdout).toContain('source racks: created')
    writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}${job}`)
    expect((await sluice('run nightly')).status).toBe(0)
    expect(await resources(sluice, 'Rack')).toHaveLength(20)
    await sluice('orders add racks Rack r1 name=other')

    const held = await sluice('source delete racks --resources delete')
    expect(held.status).toBe(3)
    expect(held.stdout).toContain('held by a threshold')
    const run = Number(/Run (\d+) of racks/.exec(held.stdout)?.[1])
    expect((await sluice(`runs reject ${run}`)).status).toBe(0)
    // Nothing of it was done: an incremental finds every row as it was.
    expect((await sluice('sync racks --mode incremental')).status).toBe(0)
    expect(await resources(sluice, 'Rack')).toHaveLength(20)

    const again = await sluice('source delete racks --resources delete')
    const next = Number(/Run (\d+) of racks/.exec(again.stdout)?.[1])
    // Approved, computed anew where the repository has moved, and approved again.
    writeFileSync(join(folderOf('held'), 'racks.csv'), `${files['racks.csv']}r20\n`)
    expect((await sluice('sync racks --mode complete')).status).toBe(0)
    const moved = await sluice(`runs approve ${next}`)
    const last = Number(/[Rr]un (\d+)/.exec(moved.stdout)?.[1])
    const approved = moved.status === 0 ? moved : await sluice(`runs approve ${last}`)
    expect(approved.stderr).toBe('')
    expect(await resources(sluice, 'Rack')).toEqual([])
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace(job, ''))
    expect((await sluice('source list')).stdout).not.toContain('racks')
    expect((await sluice('orders --json')).stdout).toContain('"state":"cancelled"')
    // The name is free, and whoever has it begins anew.
    expect((await sluice('source apply racks.yaml')).stdout).toContain('source racks: created')
    expect((await sluice('sync racks')).status).toBe(0)
    expect(await resources(sluice, 'Rack')).toHaveLength(21)
  })

  test('leaves its resources to nobody where they are kept, and no other source sweeps them away', async () => {
    const sluice = caller('kept')
    expect((await sluice('source apply racks.yaml')).status).toBe(0)
    expect((await sluice('sync racks')).status).toBe(0)
    const kept = await caller('kept', undefined, 'keep')('source delete racks')
    expect(kept.stderr).toContain('racks has 20 rows for 20 resources, and 0 links.')
    expect(kept.stdout).toContain('Source racks is deleted.')
    expect(await resources(sluice, 'Rack')).toHaveLength(20)
    const other = files['racks.yaml'].replace('racks:', 'rows:').replace('racks.csv', 'rows.csv')
    writeFileSync(join(folderOf('kept'), 'rows.csv'), 'name\nx\n')
    expect((await sluice('source apply -', other)).stdout).toContain('source rows: created')
    expect((await sluice('sync rows')).status).toBe(0)
    expect((await sluice('sync rows --mode complete')).status).toBe(0)
    expect(await resources(sluice, 'Rack')).toHaveLength(21)
    const edited = await sluice('resource set Rack r1 name=R1')
    expect(edited.stdout).toContain('R1')
    expect(edited.status).toBe(0)
  })
})

describe('a source of a file', () => {
  const rewrite = (name: string, edit: (text: string) => string) => {
    const yaml = join(folderOf(name), 'sluice.yaml')
    writeFileSync(yaml, edit(readFileSync(yaml, 'utf8')))
  }

  test('that is gone from it is listed, and can be deleted', async () => {
    const sluice = caller('gone')
    expect((await sluice('source apply cmdb.yaml')).status).toBe(0)
    expect((await sluice('sync hr')).status).toBe(0)
    expect((await sluice('load cmdb c.csv --separator ,')).status).toBe(0)
    rewrite('gone', (text) =>
      text.replace(/ {2}hr:[\s\S]*$/, '  {}\n').replace('sources:\n  {}', 'sources: {}'),
    )
    const refused = await sluice('sync cmdb')
    expect(refused.stderr).toContain('SLUICE-REPOSITORY-09')
    expect(refused.stderr).toContain('sluice source delete')
    expect((await sluice('source list')).stdout).toMatch(/hr +no longer in the file/)
    expect((await sluice('source show hr')).stdout).toContain('Gone from the file')
    const planned = await sluice('source delete hr --resources delete --dry-run')
    expect(planned.stdout).toContain('Plan for hr (removal)')
    const gone = await sluice('source delete hr --resources delete')
    expect(gone.stderr).toBe('')
    expect(gone.stdout).toContain('Source hr is deleted.')
    expect(await resources(sluice)).toEqual(['a,c-a,1', 'c,c-c,2'])
    expect((await sluice('synchronize cmdb')).status).toBe(0)
  })

  test('keeps all that it has under the name that its file gives it', async () => {
    const sluice = caller('files')
    expect((await sluice('sync hr')).status).toBe(0)
    rewrite('files', (text) => text.replace('  hr:\n', '  people:\n    renamedFrom: hr\n'))
    const again = await sluice('sync people --mode complete')
    expect(again.stderr).toBe('')
    expect(again.stdout).toContain('nothing had changed')
    expect((await sluice('source list')).stdout).not.toContain('hr')
    expect((await sluice('replicas people --csv')).stdout).toMatch(/Server,a,synchronized/)
    // And is taken over by what is stored, when it is taken out there.
    const text = (await sluice('source show people')).stdout.replace(/^ +(folder|renamedFrom): .*\n/gm, '')
    rewrite('files', (yaml) => yaml.replace(/sources:[\s\S]*$/, 'sources: {}\n'))
    const applied = await sluice('source apply -', text)
    expect(applied.stderr).toBe('')
    expect(applied.stdout).toBe('source people: created\n')
    expect((await sluice('sync people --mode complete')).stdout).toContain('nothing had changed')
  })
})

test('a running server takes up what is stored beside it, and lets go of what is deleted', async () => {
  const [beside, through] = [caller('beside'), caller('agent', 'bea')]
  const sources = async () => (await through('source list')).stdout
  expect((await beside('source apply cmdb.yaml')).stdout).toContain('source cmdb: created')
  await expect
    .poll(async () => (await through('load cmdb c.csv --separator ,')).status, {
      timeout: 20_000,
      interval: 500,
    })
    .toBe(0)
  expect(await sources()).toContain('cmdb')
  expect((await beside('source delete cmdb --resources delete')).stdout).toContain('Source cmdb is deleted.')
  await expect
    .poll(async () => (await through('load cmdb c.csv --separator ,')).stderr, {
      timeout: 20_000,
      interval: 500,
    })
    .toContain('There is no source "cmdb"')
  expect((await through('sync hr')).status).toBe(0)
})
