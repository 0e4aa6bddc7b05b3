import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, openTestDatabase } from '../../../../test/databases.ts'
import { kindsOf } from '../../../../test/thoroughness.ts'
import { configurationOf } from '../../test/configuration.ts'
import { type Repository, repositoryOn } from '../repository.ts'
import type { LinkedQuery, ListedLinked } from './read-linked.ts'

const configuration = configurationOf(`
entityTypes:
  Ci: {abstract: true, display: name, properties: {name: string}}
  Server: {extends: Ci, properties: {rack: {type: reference, to: Rack}}}
  Virtual: {extends: Server, properties: {cores: integer}}
  Rack: {extends: Ci, properties: {room: string}}
associations:
  Near: {from: Ci, to: Ci, properties: {since: date}}
sources:
  cmdb: {folder: ., entities: {Rack: {file: racks.csv, key: name, properties: {name: name}}}}
  scan:
    folder: .
    associations: {Near: {file: near.csv, from: {column: a, by: name}, to: {column: b, by: name}}}
`)

/** Rack 1 with 1,500 servers and one virtual; server 1001 is near to itself, to the others by people, and to one that is gone. */
const data = `
  insert into rack (resource_id, name, _created_run) values (1, 'R1', 1), (2, 'R2', 1);
  insert into server (resource_id, name, rack_id, _created_run) select 1000 + n, 'S' || n, 1, 1 from generate_series(1, 1500) n;
  insert into virtual (resource_id, name, rack_id, _created_run) values (5000, 'vm', 1, 1);
  insert into near (source_id, from_id, to_id) select 0, 1001, 1000 + n from generate_series(1, 1500) n;
  insert into near (source_id, from_id, to_id) values (0, 1001, 999999), (0, 2, 1001);
  insert into near (source_id, from_id, to_id, since)
    select source_id, 1001, 1002, date '2026-01-01' from sluice_source where name = 'scan';
  insert into replica_cmdb_rack (key, resource_id) values ('R1', 1);
`

describe.each(kindsOf('linked', databases))('%s', (kind) => {
  let repository: Repository
  beforeAll(async () => {
    repository = await repositoryOn(await openTestDatabase(kind))
    await repository.evolve(configuration)
    await repository.database.session((session) => session.execute(data))
  })
  afterAll(() => repository[Symbol.asyncDispose]())

  async function linked(entityType: string, key: string, query: LinkedQuery): Promise<ListedLinked[]> {
    const found: ListedLinked[] = []
    for await (const one of (await repository.linked(entityType, key, query)) ?? []) found.push(one)
    return found
  }

  describe('what a resource is linked to', () => {
    test('is counted by association and reference at each end, each resource once and none that is gone', async () => {
      expect(await repository.linkedCounts('Server', 'S1')).toEqual([
        { kind: 'association', name: 'Near', end: 'from', count: 1500 },
        { kind: 'association', name: 'Near', end: 'to', count: 2 },
        { kind: 'reference', name: 'Server.rack', end: 'from', count: 1 },
      ])
      expect(await repository.linkedCounts('Rack', '#1')).toEqual([
        { kind: 'reference', name: 'Server.rack', end: 'to', count: 1501 },
      ])
      expect(await repository.linkedCounts('Virtual', 'vm')).toHaveLength(1)
    })

    test('is listed whole, in the order of ids, with who asserts it', async () => {
      const near = await linked('Server', 'S1', { name: 'Near', end: 'from' })
      expect(near).toHaveLength(1500)
      expect(near.map(({ resource }) => resource.display)).toEqual(near.map((_, n) => `S${n + 1}`))
      expect(near[1]?.link).toEqual({
        kind: 'association',
        name: 'Near',
        from: '1001',
        to: '1002',
        asserted: [
          { source: null, properties: { since: null } },
          { source: 'scan', properties: { since: '2026-01-01' } },
        ],
      })
      const servers = await linked('Rack', 'R1', { name: 'Server.rack', end: 'to' })
      expect(servers).toHaveLength(1501)
      expect(servers.at(-1)?.resource).toMatchObject({ entityType: 'Virtual', display: 'vm' })
    })

    test('goes on behind a cursor, and no further than the limit', async () => {
      const query = { name: 'Near', end: 'from' } as const
      const whole = await linked('Server', 'S1', query)
      const first = await linked('Server', 'S1', { ...query, limit: 700 })
      const cursor = first.at(-1)?.cursor
      expect([...first, ...(await linked('Server', 'S1', { ...query, cursor, limit: 800 }))]).toEqual(whole)
      expect(await linked('Server', 'S1', { ...query, cursor: whole.at(-1)?.cursor })).toEqual([])
    })

    test('of who asks for what is not there is refused, with what there is', async () => {
      expect(await repository.linkedCounts('Server', 'nobody')).toBeUndefined()
      expect(await repository.linked('Server', 'nobody', { name: 'Near', end: 'to' })).toBeUndefined()
      await expect(linked('Rack', 'R1', { name: 'Server.rack', end: 'from' })).rejects.toMatchObject({
        code: 'SLUICE-REPOSITORY-12',
        details: { known: ['Near'] },
      })
      await expect(
        linked('Rack', 'R1', { name: 'Near', end: 'from', cursor: '1; drop' }),
      ).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-23' })
    })
  })
})
