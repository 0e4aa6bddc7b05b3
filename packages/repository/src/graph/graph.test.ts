import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatabaseKind, databases, openTestDatabase } from '../../../../test/databases.ts'
import { kindsOf } from '../../../../test/thoroughness.ts'
import { configurationOf } from '../../test/configuration.ts'
import { type LoggedStatement, loggedDatabase, type OnStatement } from '../database/statement-log.ts'
import { type Repository, repositoryOn } from '../repository.ts'
import type { ImpactGraph, Neighbours } from './graph-types.ts'

const configuration = configurationOf(`
entityTypes:
  Ci: {abstract: true, display: name, properties: {name: string}}
  Server: {extends: Ci, properties: {serial: string, rack: {type: reference, to: Rack, impact: {direction: to-from, weight: 90}}}}
  Virtual: {extends: Server, properties: {cores: integer}}
  Rack: {extends: Ci, properties: {room: string, row: {type: reference, to: Rack}}}
  Application: {extends: Ci, properties: {code: string, secret: secret}}
associations:
  RunsOn: {from: Application, to: Server, properties: {since: date}, impact: {direction: to-from, weight: 80}}
  Uses: {from: Application, to: Application, properties: {share: integer}, impact: {direction: to-from, weight: share}}
  Near: {from: Ci, to: Ci}
  Dependency:
    from: Ci
    to: Ci
    properties: {HasImpact: string, ImpactDirection: string, ImpactWeight: string}
  BMC_Impact: {from: Ci, to: Ci, properties: {Name: string, ImpactWeight: integer}}
sources:
  cmdb:
    folder: .
    entities:
      Server: {file: servers.csv, key: serial, properties: {serial: serial, name: name}}
      Application: {file: applications.csv, key: code, properties: {code: code, name: name}}
  scan:
    folder: .
    associations:
      RunsOn: {file: runs.csv, from: {column: a, by: code}, to: {column: s, by: serial}}
`)

/** Servers 11, 12 and the virtual 13 in rack 21; applications 31 to 34, each of which uses the one before it, and 31 the last. */
const data = `
  insert into rack (resource_id, name, room, row_id, _created_run) values (21, 'R1', 'A', 22, 1), (22, 'R2', 'A', 21, 1);
  insert into server (resource_id, name, serial, rack_id, _created_run) values
    (11, 'web1', 'S1', 21, 1), (12, 'web2', 'S2', 21, 1), (14, 'web1', 'S4', null, 1);
  insert into virtual (resource_id, name, serial, rack_id, cores, _created_run) values (13, 'vm1', 'S3', 21, 4, 1);
  insert into application (resource_id, name, code, _created_run) values
    (31, 'shop', 'A1', 1), (32, 'billing', 'A2', 1), (33, 'reports', 'A3', 1), (34, 'mail', 'A4', 1);
  insert into runs_on (source_id, from_id, to_id, since)
    select source_id, 31, 11, date '2026-01-01' from sluice_source union all values (0, 31, 11, null::date), (0, 34, 13, null);
  insert into uses (source_id, from_id, to_id, share) values
    (0, 32, 31, 50), (0, 33, 32, 50), (0, 33, 31, 20), (0, 31, 33, 100), (0, 34, 33, null);
  insert into near (source_id, from_id, to_id) values (0, 11, 11), (0, 11, 12), (0, 12, 11), (0, 11, 99);
  insert into replica_cmdb_server (key, resource_id) values ('S1', 11), ('S2', 12), ('S3', 13), ('S4', 14);
  insert into replica_cmdb_application (key, resource_id) values ('A1', 31), ('A2', 32);
`

async function openFilled(
  kind: DatabaseKind,
  onStatement: OnStatement = () => undefined,
): Promise<Repository> {
  const repository = await repositoryOn(loggedDatabase(await openTestDatabase(kind), onStatement))
  await repository.evolve(configuration)
  await repository.database.session((session) => session.execute(data))
  return repository
}

/** `31 shop 1 (50%)` and so on, and `31 -RunsOn> 11`. */
function outline(found: Neighbours | ImpactGraph | undefined) {
  return {
    resources: found?.resources.map((one) =>
      [
        one.resourceId,
        one.display,
        one.depth,
        ...('weight' in one ? [`${one.weight}% through ${one.through}`] : []),
      ].join(' '),
    ),
    links: found?.links.map(({ from, name, to }) => `${from} -${name}> ${to}`),
    more: found?.more,
  }
}

describe.each(kindsOf('graph', databases))('%s', (kind) => {
  let repository: Repository
  beforeAll(async () => {
    repository = await openFilled(kind)
  })
  afterAll(() => repository[Symbol.asyncDispose]())

  describe('the graph of a repository', () => {
    test('is walked along links and references in both directions, to the next resources', async () => {
      const found = await repository.neighbours('Server', 'S1')
      expect(outline(found)).toEqual({
        resources: ['11 web1 0', '12 web2 1', '21 R1 1', '31 shop 1'],
        links: ['31 -RunsOn> 11', '11 -Near> 11', '11 -Near> 12', '12 -Near> 11', '11 -Server.rack> 21'],
        more: false,
      })
      expect(found?.resources.map(({ entityType }) => entityType)).toEqual([
        'Server',
        'Server',
        'Rack',
        'Application',
      ])
      expect(found?.resources[0]?.replicas).toEqual([{ source: 'cmdb', key: 'S1' }])
      expect(found?.links[0]?.asserted).toEqual([
        { source: null, properties: { since: null } },
        { source: 'cmdb', properties: { since: '2026-01-01' } },
        { source: 'scan', properties: { since: '2026-01-01' } },
      ])
    })

    test('goes on from what it has reached, once from each, to the depth that is asked for', async () => {
      const deep = await repository.neighbours('Server', 'S1', { depth: 20 })
      expect(outline(deep).resources).toEqual([
        '11 web1 0',
        '12 web2 1',
        '21 R1 1',
        '31 shop 1',
        '13 vm1 2',
        '22 R2 2',
        '32 billing 2',
        '33 reports 2',
        '34 mail 3',
      ])
      expect(deep?.links.filter(({ name }) => name === 'Rack.row')).toHaveLength(2)
      expect(outline(await repository.neighbours('Server', 'S1', { depth: 0 })).resources).toEqual([
        '11 web1 0',
      ])
    })

    test('is walked in one direction, or along some links and references only', async () => {
      const reached = async (query: Parameters<Repository['neighbours']>[2]) =>
        outline(await repository.neighbours('Ci', 'web1', query)).resources?.slice(1)
      expect(await reached({ direction: 'out' })).toEqual(['12 web2 1', '21 R1 1'])
      expect(await reached({ direction: 'in' })).toEqual(['12 web2 1', '31 shop 1'])
      expect(await reached({ along: ['rack', 'RunsOn'] })).toEqual(['21 R1 1', '31 shop 1'])
      expect(await reached({ along: ['Server.rack'], depth: 9 })).toEqual([
        '21 R1 1',
        '12 web2 2',
        '13 vm1 2',
      ])
      await expect(reached({ along: ['Rack'] })).rejects.toThrow(
        'The repository has no association or reference "Rack"; there are RunsOn, Uses, Near',
      )
    })

    test('ends at a limit, and says so', async () => {
      const limited = (limit: number, depth = 1) => repository.neighbours('Server', '#11', { limit, depth })
      expect(outline(await limited(3)).more).toBe(false)
      expect(outline(await limited(2))).toEqual({
        resources: ['11 web1 0', '12 web2 1', '21 R1 1'],
        links: ['11 -Near> 11', '11 -Near> 12', '12 -Near> 11', '11 -Server.rack> 21'],
        more: true,
      })
      expect(outline(await limited(3, 5)).resources).toHaveLength(4)
    })

    test('begins at a resource by its key, display value, id or a property', async () => {
      const start = async (type: string, key: string, by?: string) =>
        (await repository.neighbours(type, key, { by, depth: 0 }))?.start
      expect(await start('Server', 'S2')).toBe('12')
      expect(await start('Rack', 'R2')).toBe('22')
      expect(await start('Server', '#13')).toBe('13')
      expect(await start('Server', 'S2', 'serial')).toBe('12')
      expect(await start('Server', 'R1', 'rack')).toBe('11')
      expect(await start('Server', 'S9')).toBeUndefined()
      expect((await repository.neighbours('Server', 'web1'))?.alsoMatching).toEqual(['14'])
      await expect(start('Sever', 'S2')).rejects.toThrow('The repository has no entity type "Sever"')
      await expect(start('Server', 'S2', 'nummer')).rejects.toThrow('The repository has no property "nummer"')
      await expect(start('Application', 'x', 'secret')).rejects.toThrow('"secret" is a secret')
    })

    test('is asked of the database once for each step away, and no more rows come than the limit leaves', async () => {
      const asked: LoggedStatement[] = []
      await using changed = await openFilled(kind, (one) => asked.push(one))
      await changed.database.session((session) =>
        session.execute(`
        insert into application (resource_id, name, code, _created_run) select n, 'app' || n, 'N' || n, 1 from generate_series(1001, 101000) n;
        insert into runs_on (source_id, from_id, to_id) select 0, n, 12 from generate_series(1001, 101000) n;`),
      )
      asked.length = 0
      const found = await changed.neighbours('Server', 'S2', { along: ['RunsOn'], limit: 50, depth: 3 })
      expect(found?.resources).toHaveLength(51)
      expect(found?.links).toHaveLength(50)
      expect(found?.more).toBe(true)
      expect(asked.filter(({ text }) => text.includes('graph/next'))).toHaveLength(1)
      expect(Math.max(...asked.map(({ rows = 0 }) => rows))).toBeLessThan(60)

      asked.length = 0
      await changed.neighbours('Application', 'A1', { depth: 3 })
      expect(asked.filter(({ text }) => text.includes('graph/next'))).toHaveLength(3)
    })
  })

  describe('impact', () => {
    test('multiplies weights along a way, takes the greatest of all ways, and ends in a circle', async () => {
      const found = await repository.impact('Server', 'S1')
      expect(outline(found)).toEqual({
        resources: [
          '11 web1 0 100% through null',
          '31 shop 1 80% through 11',
          '32 billing 2 40% through 31',
          '33 reports 3 20% through 32',
          '34 mail 4 20% through 33',
        ],
        links: [
          '31 -RunsOn> 11',
          '31 -Uses> 33',
          '32 -Uses> 31',
          '33 -Uses> 31',
          '33 -Uses> 32',
          '34 -Uses> 33',
        ],
        more: false,
      })
      expect(found?.links[0]).toMatchObject({ impacted: 'from', weight: 80 })
    })

    test('is followed to the depth that is asked for, and only where it is great enough', async () => {
      const impacted = async (query: Parameters<Repository['impact']>[2]) =>
        outline(await repository.impact('Server', 'S1', query)).resources?.slice(1)
      expect(await impacted({ depth: 2 })).toEqual([
        '31 shop 1 80% through 11',
        '32 billing 2 40% through 31',
        '33 reports 2 16% through 31',
      ])
      expect(await impacted({ minWeight: 40 })).toEqual([
        '31 shop 1 80% through 11',
        '32 billing 2 40% through 31',
      ])
      expect(await impacted({ minWeight: 17 })).toHaveLength(4)
    })

    test('goes up to what a resource depends on', async () => {
      const found = await repository.impact('Application', 'mail', { upstream: true })
      expect(outline(found).resources).toEqual([
        '34 mail 0 100% through null',
        '33 reports 1 100% through 34',
        '13 vm1 1 80% through 34',
        '21 R1 2 72% through 13',
        '32 billing 2 50% through 33',
        '31 shop 3 25% through 32',
        '11 web1 4 20% through 31',
      ])
      expect(found?.links.find(({ name }) => name === 'Server.rack')).toMatchObject({ impacted: 'from' })
    })

    test('is on each link what a syncmapping has written there', async () => {
      await using changed = await openFilled(kind)
      await changed.database.session((session) =>
        session.execute(`
        insert into dependency (source_id, from_id, to_id, has_impact, impact_direction, impact_weight) values
          (0, 22, 11, 'Yes', 'Source-Destination', '70'), (0, 12, 22, 'Yes', 'Destination-Source', ' 60 % '),
          (0, 22, 13, 'No', 'Source-Destination', '90'), (0, 22, 14, 'Yes', null, 'a lot'),
          (0, 22, 31, null, null, '50'), (0, 22, 32, 'Yes', 'Source-Destination', '0');
        insert into bmc_impact (source_id, from_id, to_id, name, impact_weight) values
          (0, 22, 33, 'IMPACT', 30), (0, 22, 34, 'ImpactOnly', null), (0, 31, 22, 'IMPACT', 100);`),
      )
      expect(outline(await changed.impact('Rack', 'R2', { depth: 1 })).resources).toEqual([
        '22 R2 0 100% through null',
        '14 web1 1 100% through 22',
        '34 mail 1 100% through 22',
        '11 web1 1 70% through 22',
        '12 web2 1 60% through 22',
        '33 reports 1 30% through 22',
      ])
    })

    test('takes the greatest weight that a source gives a link', async () => {
      await using changed = await openFilled(kind)
      await changed.database.session((session) =>
        session.execute(
          `insert into uses (source_id, from_id, to_id, share) select source_id, 32, 31, 75 from sluice_source where name = 'cmdb'`,
        ),
      )
      const found = await changed.impact('Application', 'shop', { depth: 1 })
      expect(outline(found).resources?.[1]).toBe('32 billing 1 75% through 31')
      expect(found?.links.find(({ from }) => from === '32')?.asserted).toHaveLength(2)
    })

    test('ends at a limit with those that are impacted most, and says so', async () => {
      expect(outline(await repository.impact('Application', 'shop', { limit: 1 }))).toEqual({
        resources: ['31 shop 0 100% through null', '32 billing 1 50% through 31'],
        links: ['32 -Uses> 31'],
        more: true,
      })
    })
  })
})
