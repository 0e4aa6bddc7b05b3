/**
 * The graph around a resource at the command line: with the repository here, and behind a server.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `
repository: ./repository
entityTypes:
  Server: {display: name, properties: {serial: string, name: string, rack: {type: reference, to: Rack, impact: {direction: to-from, weight: 90}}}}
  Rack: {display: name, properties: {name: string}}
  Application: {display: name, properties: {code: string, name: string}}
associations:
  RunsOn: {from: Application, to: Server, impact: {direction: to-from, weight: 80}}
  Uses: {from: Application, to: Application, properties: {share: integer}, impact: {direction: to-from, weight: share}}
sources:
  cmdb:
    entities:
      Rack: {file: racks.csv, key: name, properties: {name: name}}
      Server: {file: servers.csv, key: serial, properties: {serial: serial, name: name, rack: {column: rack, by: name}}}
      Application: {file: applications.csv, key: code, properties: {code: code, name: name}}
    associations:
      RunsOn: {file: runs.csv, from: {column: application, by: code}, to: {column: server, by: serial}}
      Uses: {file: uses.csv, from: {column: application, by: code}, to: {column: used, by: code}, properties: {share: share}}
`
const files = {
  'racks.csv': 'name\nR1\nR2\n',
  'servers.csv': 'serial,name,rack\nS1,web1,R1\nS2,web2,R1\nS3,<db>&1,R2\n',
  'applications.csv': 'code,name\nA1,shop\nA2,billing\nA3,reports\n',
  'runs.csv': 'application,server\nA1,S1\nA1,S2\nA2,S3\n',
  'uses.csv': 'application,used,share\nA1,A2,50\nA3,A2,\nA2,A3,10\n',
}

let place: HereAndThere
beforeAll(async () => {
  place = await hereAndThere(
    'graph',
    (folder) => {
      writeFileSync(join(folder, 'sluice.yaml'), configuration)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    },
    async (folder) =>
      expect(await callCommandLine(folder, ['sync', '--quiet'])).toMatchObject({ status: 0, stderr: '' }),
  )
})
afterAll(() => place[Symbol.asyncDispose]())

describe.each([
  ['here', undefined],
  ['through a server', 'viewer'],
] as const)('%s', (_, role) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)

  test('neighbours are a tree, in which each resource stands once and is marked where it is met again', async () => {
    expect((await sluice('neighbours', 'Server', 'S1', '--depth', '4')).stdout).toBe(`Server web1 (S1) #4
├─ RunsOn ← Application shop (A1) #8
│  ├─ RunsOn → Server web2 (S2) #5 (again)
│  └─ Uses → Application billing (A2) #9
│     ├─ RunsOn → Server <db>&1 (S3) #6
│     │  └─ rack → Rack R2 #2
│     └─ Uses →, Uses ← Application reports (A3) #10
└─ rack → Rack R1 #1
   └─ rack ← Server web2 (S2) #5

7 neighbours, 9 links.
`)
  })

  test('impact is a tree with weights, each below the one through which it is the greatest', async () => {
    expect((await sluice('impact', 'Server', 'S3')).stdout).toBe(`Server <db>&1 (S3) #6
└─  80% Application billing (A2) #9  by RunsOn 80%
   ├─  80% Application reports (A3) #10  by Uses 100%
   └─  40% Application shop (A1) #8  by Uses 50%

Impacted when it fails: 3 resources.
`)
    expect((await sluice('impact', 'Application', 'shop', '--upstream', '--min-weight', '50')).stdout).toBe(
      `Application shop (A1) #8
├─  80% Server web1 (S1) #4  by RunsOn 80%
│  └─  72% Rack R1 #1  by rack 90%
├─  80% Server web2 (S2) #5  by RunsOn 80%
└─  50% Application billing (A2) #9  by Uses 50%

It depends on 4 resources.
`,
    )
  })

  test('both are one JSON document for scripts', async () => {
    const found = JSON.parse((await sluice('neighbours', 'Rack', 'R2', '--json')).stdout)
    expect(found).toEqual({
      start: '2',
      resources: [
        {
          resourceId: '2',
          entityType: 'Rack',
          display: 'R2',
          replicas: [{ source: 'cmdb', key: 'R2' }],
          depth: 0,
        },
        {
          resourceId: '6',
          entityType: 'Server',
          display: '<db>&1',
          replicas: [{ source: 'cmdb', key: 'S3' }],
          depth: 1,
        },
      ],
      links: [{ kind: 'reference', name: 'Server.rack', from: '6', to: '2', asserted: [] }],
      more: false,
      alsoMatching: [],
    })
    const impact = JSON.parse(
      (await sluice('impact', 'Rack', 'R2', '--format', 'json', '--depth', '1')).stdout,
    )
    expect(impact.resources[1]).toMatchObject({ resourceId: '6', weight: 90, through: '2' })
    expect(impact.links).toMatchObject([{ name: 'Server.rack', impacted: 'from', weight: 90 }])
  })

  test('both are pictures, whose file says by its name in which form', async () => {
    const { folder } = place.placeOf(role)
    expect(await sluice('neighbours', 'Server', 'S3', '--depth', 'all', '--out', 'n.svg')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    })
    const svg = readFileSync(join(folder, 'n.svg'), 'utf8')
    expect(svg).toContain('&lt;db&gt;&amp;1')
    expect(svg.match(/class="node"/g)).toHaveLength(8)
    expect((await sluice('impact', 'Server', 'S3', '--format', 'dot')).stdout).toContain('label="RunsOn 80%"')
    expect((await sluice('impact', 'Server', 'S3', '--format', 'mermaid')).stdout).toContain('flowchart LR')
    const nowhere = await sluice('impact', 'Server', 'S3', '--out', 'no/where.svg')
    expect(nowhere).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('where.svg cannot be written'),
    })
  })

  test('what is more than the limit is said', async () => {
    const few = await sluice('neighbours', 'Application', 'shop', '--limit', '2')
    expect(few.stdout).toContain('2 neighbours, 2 links.')
    expect(few.stderr).toBe('… there are more: --limit 20\n')
    expect((await sluice('neighbours', 'Server', 'S1', '--limit', '10001')).stderr).toContain(
      'It must be a number from 1 to 10,000.',
    )
    expect((await sluice('impact', 'Application', 'reports', '--min-weight', '20')).stderr).toBe(
      'Nobody is impacted when it fails.\n',
    )
  })

  test('what is not there is an error with a remedy, as of other commands', async () => {
    expect(await sluice('neighbours', 'Server', 'S9')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('SLUICE-USAGE-03'),
    })
    for (const args of [
      ['neighbours', 'Sever', 'S1'],
      ['impact', 'Sever', 'S1'],
    ])
      expect(await sluice(...args)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('The repository has no entity type "Sever"'),
      })
    expect(await sluice('neighbours', 'Server', 'S1', '--association', 'runsOn')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Write RunsOn.'),
    })
    expect(await sluice('impact', 'Server', 'web2', '--by', 'colour')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no property "colour"'),
    })
  })
})
