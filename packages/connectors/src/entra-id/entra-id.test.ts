import { expect, test } from 'vitest'
import { GraphSystem, graphSecret } from '../../test/graph-system.ts'
import { record, surroundings } from '../../test/recorded-export.ts'
import { entraId } from './connector.ts'

const secrets = { SECRET: graphSecret }
const wanted = { 'users.csv': ['id', 'displayName'], 'members.csv': ['group', 'member'] }

const optionsOf = ({ system: { address } }: GraphSystem, others: object = {}) => ({
  tenant: 'example',
  client: 'sluice',
  secret: { environment: 'SECRET' },
  graph: address,
  login: address,
  ...others,
})

async function opened(): Promise<GraphSystem> {
  const graph = await GraphSystem.open(50)
  graph.put('groups', 'g1', 'Everybody')
  graph.join('g1', 'u1', 'u2')
  return graph
}

test('who came into a group and who left it is told, and is deleted with the group', async () => {
  await using graph = await opened()
  const first = await record(entraId, optionsOf(graph), wanted, { secrets })
  expect(first.tables['members.csv']).toEqual([
    ['group', 'member'],
    ['g1', 'u1'],
    ['g1', 'u2'],
  ])
  graph.join('g1', 'u3')
  graph.leave('g1', 'u1')
  graph.delete('users', 'u9')
  const second = await record(entraId, optionsOf(graph), wanted, {
    secrets,
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(second.statement).toEqual({ complete: true })
  expect(second.tables['members.csv']).toEqual([
    ['command', 'group', 'member'],
    ['merge', 'g1', 'u3'],
    ['delete', 'g1', 'u1'],
  ])
  expect(second.tables['users.csv']).toEqual([
    ['command', 'id', 'displayName'],
    ['delete', 'u9', undefined],
  ])
})

test('only columns that are mapped are asked for', async () => {
  await using graph = await opened()
  await record(
    entraId,
    optionsOf(graph),
    { 'users.csv': ['id', 'displayName', 'employeeOrgData.division'] },
    { secrets },
  )
  const asked = graph.system.asked.find(({ path }) => path.endsWith('/users/delta'))
  expect(asked?.query.get('$select')).toBe('id,displayName,employeeOrgData')
})

test('a delta that Graph has forgotten becomes everything, and a delivery of everything', async () => {
  await using graph = await opened()
  const first = await record(entraId, optionsOf(graph), wanted, { secrets })
  graph.put('users', 'new', 'Somebody new')
  graph.forget()
  const again = await record(entraId, optionsOf(graph), wanted, {
    secrets,
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(again.statement).toEqual({
    complete: true,
    mode: 'complete',
    note: 'The system cannot say what has changed in users.csv since last time.',
  })
  expect(again.tables['users.csv']?.[0]).toEqual(['id', 'displayName'])
  expect(again.tables['users.csv']).toHaveLength(1 + 51)
  expect(again.tables['members.csv']).toHaveLength(1 + 2)
})

test('a user who is deleted while everything is read is deleted by the next incremental', async () => {
  await using graph = await opened()
  const link = `${graph.system.address}/v1.0/users/delta?$deltatoken=`
  const removed = { id: 'u1', '@removed': { reason: 'changed' } }
  graph.system.next.push(undefined, {
    body: {
      value: [{ id: 'u1', displayName: 'Person 1' }, removed],
      '@odata.deltaLink': `${link}${encodeURIComponent('{"from":51}')}`,
    },
  })
  const users = { 'users.csv': ['id', 'displayName'] }
  const first = await record(entraId, optionsOf(graph), users, { secrets })
  const second = await record(entraId, optionsOf(graph), users, {
    secrets,
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(second.tables['users.csv']?.slice(1)).toEqual([['delete', 'u1', undefined]])
})

test('an answer without a link to what changes next is not taken for everything', async () => {
  await using graph = await opened()
  graph.system.next.push(undefined, { body: { value: [{ id: 'u1' }] } })
  await expect(record(entraId, optionsOf(graph), wanted, { secrets })).rejects.toMatchObject({
    passing: true,
    message: expect.stringContaining('gives no link to what changes from now on'),
  })
})

test('a wrong secret is told as Microsoft says it, without the secret', async () => {
  await using graph = await opened()
  const failing = entraId.with(optionsOf(graph)).check(surroundings({ secrets: { SECRET: 'wrong horse' } }))
  await expect(failing).rejects.toMatchObject({
    passing: false,
    message: expect.stringContaining('AADSTS7000215'),
  })
  await expect(failing).rejects.not.toThrow('wrong horse')
})

test('other tables of Graph can be read besides, and need a path', () => {
  const options = { tenant: 'x', client: 'y', secret: { environment: 'Z' } }
  const devices = { path: '/devices', records: 'value', query: { $select: '{columns}' } }
  const files = entraId
    .with({ ...options, tables: { devices } })
    .tables()
    .map(({ file }) => file)
  expect(files).toEqual([
    'users.csv',
    'groups.csv',
    'members.csv',
    'owners.csv',
    'managers.csv',
    'devices.csv',
  ])
  const { error } = entraId.schema.safeParse({ ...options, tables: { devices: { records: 'value' } } })
  expect(error?.issues[0]).toMatchObject({
    path: ['tables', 'devices'],
    message: 'must have a path, or be one of users, groups, members, owners, managers',
  })
})
