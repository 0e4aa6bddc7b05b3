import { describe, expect, test } from 'vitest'
import { association, entity } from '../../../prepare/test/prepare-text.ts'
import { describeConnectorContract } from '../../test/connector-contract.ts'
import { type Asked, HttpSystem } from '../../test/http-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { ScimSystem, scimToken } from '../../test/scim-system.ts'
import { scim } from './connector.ts'

const secrets = { TOKEN: scimToken }
const optionsOf = (port: number, others: object = {}) => ({
  address: `http://127.0.0.1:${port}/scim`,
  authentication: { kind: 'bearer', token: { environment: 'TOKEN' } },
  pageSize: 20,
  ...others,
})
const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'

async function opened(people: number): Promise<ScimSystem> {
  const system = await ScimSystem.open()
  for (let user = 0; user < people; user++) system.put(`u${user}`, 0)
  return system
}

describe('against SCIMMY', () => {
  describeConnectorContract('scim', async () => {
    const system = await opened(150)
    system.gather('g1', ['u1', 'u2'])
    const options = (port: number) => optionsOf(port, { limits: { attempts: 1, concurrent: 1 } })
    return {
      connector: 'scim',
      port: system.port,
      options,
      wrongPassword: (port) => ({
        ...options(port),
        authentication: { kind: 'bearer', token: { environment: 'WRONG' } },
      }),
      environment: { TOKEN: scimToken, WRONG: 'wrong-horse' },
      secrets: [scimToken, 'wrong-horse'],
      mappings: {
        entities: [entity(['id', 'userName'], { file: 'users.csv' })],
        associations: [association('group', 'member', { file: 'members.csv' })],
      },
      file: 'users.csv',
      rows: 150,
      [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
    }
  })

  test('values of lists, of the enterprise extension and members are read', async () => {
    await using system = await opened(30)
    system.put('ann', 0, { department: 'Sales' })
    system.gather('g1', ['ann', 'u1'])
    const wanted = {
      'users.csv': ['id', 'emails[type=work].value', 'emails.value', department],
      'members.csv': ['group', 'member'],
    }
    const { tables } = await record(scim, optionsOf(system.port), wanted, { secrets })
    expect(tables['users.csv']?.at(-1)).toEqual([
      'ann',
      'ann@work.example',
      'ann@home.example|ann@work.example',
      'Sales',
    ])
    expect(tables['users.csv']).toHaveLength(1 + 31)
    expect(tables['members.csv']?.slice(1)).toEqual([
      ['g1', 'ann'],
      ['g1', 'u1'],
    ])
  })

  test('an incremental asks for users that were modified since, among those of the filter', async () => {
    await using system = await opened(30)
    const options = optionsOf(system.port, { changes: 'last-modified', filter: 'active eq true' })
    const wanted = { 'users.csv': ['id'], 'members.csv': ['group', 'member'] }
    system.gather('g1', ['u1'])
    const first = await record(scim, options, wanted, { secrets })
    system.put('u29', 30)
    system.put('new', 50)
    system.put('away', 50, { active: false })
    const second = await record(scim, options, wanted, {
      secrets,
      mode: 'incremental',
      cookies: first.cookies,
    })
    // Within the overlap everything comes again.
    expect(second.tables['users.csv']).toHaveLength(1 + 31)
    const third = await record(scim, options, wanted, {
      secrets,
      mode: 'incremental',
      cookies: second.cookies,
    })
    expect(third.tables['users.csv']).toEqual([
      ['command', 'id'],
      ['merge', 'new'],
    ])
    expect(third.tables['members.csv']).toEqual([
      ['group', 'member'],
      ['g1', 'u1'],
    ])
  })

  test('what is there is said and found', async () => {
    await using system = await opened(30)
    system.put('ann', 0, { department: 'Sales' })
    system.gather('g1', ['ann'])
    const ready = scim.with(optionsOf(system.port))
    expect((await ready.check(surroundings({ secrets }))).facts).toMatchObject({
      'users.csv': '31 records',
      'groups.csv': '1 records',
    })
    const { tables } = await ready.discover(surroundings({ secrets }))
    expect(tables.map(({ name, kind }) => [name, kind])).toEqual([
      ['users', 'entities'],
      ['groups', 'entities'],
      ['members', 'links'],
    ])
    expect(tables[0]?.columns).toContainEqual({ name: 'id', type: 'text', key: true })
  })
})

test('cursors are followed where the system has them', async () => {
  const people = Array.from({ length: 25 }, (_, id) => ({ id: String(id) }))
  const answer = ({ query }: Asked) => {
    const start = Number(query.get('cursor') || 0)
    const next = start + 10 < people.length ? { nextCursor: String(start + 10) } : {}
    return query.has('cursor')
      ? { body: { totalResults: 25, Resources: people.slice(start, start + 10), ...next } }
      : { status: 400 }
  }
  await using system = await HttpSystem.open(answer)
  const { tables } = await record(
    scim,
    { address: system.address, paging: 'cursor' },
    { 'users.csv': ['id'] },
  )
  expect(tables['users.csv']).toHaveLength(1 + 25)
})

test('resources of a kind of its own are another table', async () => {
  await using system = await HttpSystem.open(({ path }) =>
    path === '/Devices' ? { body: { totalResults: 1, Resources: [{ id: 'd1' }] } } : { status: 404 },
  )
  const options = { address: system.address, tables: { devices: { path: '/Devices', records: 'Resources' } } }
  const { tables } = await record(scim, options, { 'devices.csv': ['id'] })
  expect(tables['devices.csv']).toEqual([['id'], ['d1']])
})
