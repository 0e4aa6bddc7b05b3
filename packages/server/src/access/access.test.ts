/**
 * Who may do what: every route with every role, and what an agent's token reaches.
 */
import { randomUUID } from 'node:crypto'
import { permitted, roles } from '@sluice/model'
import { pathOf, type Route, routes } from '@sluice/protocol'
import { openTokenStore } from '@sluice/repository'
import { describe, expect, test } from 'vitest'
import { ask, clientOf, createServerHarness, decided, deliver } from '../../test/server-harness.ts'

const values: Readonly<Record<string, string>> = {
  delivery: randomUUID(),
  file: 'Person.sorted.csv',
  run: '1',
  source: 'hr',
  entityType: 'Person',
  key: 'nobody',
  association: 'None',
  name: 'nobody',
  notification: randomUUID(),
  receiver: 'nobody',
}

function requestOf(route: Route): readonly [string, RequestInit] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const params = Object.fromEntries(names.map((name) => [name, values[name]]))
  const query = route.path.endsWith('/files/:file') && route.method === 'PATCH' ? { offset: 0 } : {}
  const body =
    route.body.kind === 'none' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }
  return [pathOf(route, { params, query }), { method: route.method, ...body }]
}

test('each role gets what it is permitted and nothing else; nobody gets anything without a token', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  for (const [name, route] of Object.entries<Route>(routes)) {
    const [path, init] = requestOf(route)
    const { permission } = route
    // What needs nobody is in the tests of signing in.
    if (permission === null) continue
    expect(await ask(server, path, init), name).toMatchObject({
      status: 401,
      body: { code: 'SLUICE-SERVER-01' },
    })
    for (const role of roles) {
      const { status } = await ask(server, path, { ...init, token: harness.secrets[role] })
      const may = permitted[role].includes(permission)
      expect({ name, role, refused: status === 403, unknown: status === 401 }).toEqual({
        name,
        role,
        refused: !may,
        unknown: false,
      })
      expect(status).toBeLessThan(500)
    }
  }
})

test('an agent sees its own sources and, of the others, not even that they are there', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { admin, agent } = harness.secrets
  const foreign = await deliver(server, admin, 'ad', ['ada'])
  const own = await deliver(server, admin, 'hr', ['ada'])
  const [foreignRun, ownRun] = [
    (await decided(server, admin, foreign.id)).run,
    (await decided(server, admin, own.id)).run,
  ]
  const missing = { status: 404, body: { code: 'SLUICE-SERVER-03' } }
  const get = (path: string) => ask(server, `/api/v1${path}`, { token: agent })
  expect(await get(`/deliveries/${foreign.id}`)).toMatchObject(missing)
  expect(await get(`/deliveries/${foreign.id}/files/Account.sorted.csv`)).toMatchObject(missing)
  expect(await get('/sources/ad')).toMatchObject(missing)
  expect(await get('/sources/nowhere')).toMatchObject(missing)
  for (const path of ['', '/changes', '/rejected-rows']) {
    expect(await get(`/runs/${foreignRun}${path}`)).toMatchObject(missing)
    expect(await get(`/runs/${ownRun}${path}`)).toMatchObject({ status: 200 })
  }
  for (const path of ['/orphans', '/rejected-rows', '/rejected-rows/reasons']) {
    expect(await get(`${path}?source=ad`)).toMatchObject(missing)
    expect(await get(`${path}?source=hr`)).toMatchObject({ status: 200 })
    expect(await get(path)).toMatchObject({ status: 200 })
  }
  for (const [source, id] of [
    ['ad', randomUUID()],
    ['hr', foreign.id],
  ]) {
    const body = JSON.stringify({ source, mode: 'complete' })
    const headers = { 'content-type': 'application/json' }
    expect(
      await ask(server, `/api/v1/deliveries/${id}`, { method: 'PUT', token: agent, body, headers }),
    ).toMatchObject(missing)
  }
  const client = clientOf(server, agent)
  const { runs } = await client.call(routes.runs, { params: {} })
  expect(runs.map(({ source }) => source)).toEqual(['hr'])
  expect((await client.call(routes.runs, { params: {}, query: { source: 'ad' } })).runs).toEqual([])
  const { sources } = await client.call(routes.sources, { params: {} })
  expect(sources.map(({ name }) => name)).toEqual(['hr', 'crm'])
  const status = await client.call(routes.status, { params: {} })
  expect(status.sources.map(({ name }) => name)).toEqual(['hr', 'crm'])
})

test('tokens are made, used and revoked over the network, and none is ever logged', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const client = clientOf(server, harness.secrets.admin)
  const { secret } = await client.call(routes.createToken, {
    params: {},
    body: { name: 'new', role: 'viewer' },
  })
  const self = await clientOf(server, secret).call(routes.self, { params: {} })
  expect(self).toMatchObject({ name: 'new', role: 'viewer', permissions: ['follow', 'read'] })
  await expect(
    client.call(routes.createToken, { params: {}, body: { name: 'new', role: 'viewer' } }),
  ).rejects.toMatchObject({ status: 409, code: 'SLUICE-TOKEN-01' })
  await client.call(routes.revokeToken, { params: { name: 'new' } })
  await expect(clientOf(server, secret).call(routes.self, { params: {} })).rejects.toMatchObject({
    status: 401,
  })
  await ask(server, `/api/v1/runs?token=${secret}`, { token: secret })
  await ask(server, `/nowhere?${secret}`, { headers: { authorization: `Basic ${secret}` } })
  const log = harness.logged.join('')
  expect(log).toContain('token made')
  for (const one of [secret, ...Object.values(harness.secrets)]) expect(log).not.toContain(one.slice(4))
})

test('a token that is over is not one', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const tokens = openTokenStore(harness.repository.database)
  const expiresAt = new Date(Date.now() + 1000).toISOString()
  const { secret } = await tokens.create(
    { name: 'short', role: 'viewer', sources: [], expiresAt },
    'test',
    [],
  )
  expect(await ask(server, '/api/v1/token', { token: secret })).toMatchObject({ status: 200 })
  await harness.repository.database.session((session) =>
    session.query("update sluice_token set expires_at = now() where name = 'short'"),
  )
  const answer = await ask(server, '/api/v1/token', { token: secret })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
})

test('too many requests of one token are told to wait, and do not hinder another', async () => {
  await using harness = await createServerHarness()
  const { limits } = harness.configuration.server
  const server = await harness.serve({ limits: { ...limits, requestsPerMinute: 3 } })
  const statuses: number[] = []
  for (let tries = 0; tries < 4; tries += 1) {
    statuses.push((await ask(server, '/api/v1/token', { token: harness.secrets.viewer })).status)
  }
  expect(statuses).toEqual([200, 200, 200, 429])
  const refused = await ask(server, '/api/v1/token', { token: harness.secrets.viewer })
  expect(refused.body).toMatchObject({ code: 'SLUICE-SERVER-05' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask(server, '/api/v1/token', { token: harness.secrets.admin })).status).toBe(200)
})

describe('behind a proxy, too many requests without a token are counted', () => {
  async function statuses(behindProxy: true | readonly string[], forwarded: readonly string[]) {
    await using harness = await createServerHarness()
    const { limits } = harness.configuration.server
    const server = await harness.serve({ behindProxy, limits: { ...limits, requestsPerMinute: 2 } })
    const found: number[] = []
    for (const one of forwarded) {
      const headers = { 'x-forwarded-for': one }
      found.push((await ask(server, '/api/v1/token', { headers })).status)
    }
    return found
  }

  test('by the address that the proxy has added, whatever the caller wrote before it', async () => {
    const forwarded = ['10.0.0.1', '9.9.9.1, 10.0.0.1', '9.9.9.2, 10.0.0.1', '10.0.0.2']
    expect(await statuses(true, forwarded)).toEqual([401, 401, 429, 401])
    expect(await statuses(['10.1.0.0/16', '127.0.0.1'], forwarded)).toEqual([401, 401, 429, 401])
  })

  test('by the address that connects, where that is not the proxy', async () => {
    expect(await statuses(['10.1.0.0/16'], ['10.0.0.1', '10.0.0.2', '10.0.0.3'])).toEqual([401, 401, 429])
  })
})
