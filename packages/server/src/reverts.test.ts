/**
 * Runs taken back through the API: who may, what conflicts are answered with, and what a dry run says.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, createServerHarness, decided, deliver, type ServerHarness } from '../test/server-harness.ts'

const opened = new AsyncDisposableStack()
let harness: ServerHarness
let server: { readonly url: string }

beforeAll(async () => {
  harness = opened.use(await createServerHarness())
  server = await harness.serve()
  const { admin } = harness.secrets
  await decided(server, admin, (await deliver(server, admin, 'hr', ['ada', 'bob'])).id)
})
afterAll(() => opened.disposeAsync())

async function api(
  method: string,
  path: string,
  role: 'viewer' | 'editor' | 'operator' | 'admin',
  body?: unknown,
) {
  return await ask(server, `/api/v1${path}`, {
    method,
    token: harness.secrets[role],
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('a run is taken back by whoever may decide, refused with its conflicts, and planned with them', async () => {
  const created = await api('POST', '/resources/Person', 'editor', { number: '100', name: 'grace' })
  expect(created).toMatchObject({ status: 201, body: { report: { run: 2 } } })
  const path = created.headers.get('location')?.replace('/api/v1', '') ?? ''
  expect((await api('PATCH', path, 'editor', { name: 'hopper' })).status).toBe(200)
  expect((await api('POST', '/runs/2/revert', 'editor')).status).toBe(403)
  expect(await api('POST', '/runs/2/revert', 'operator')).toMatchObject({
    status: 409,
    body: {
      code: 'SLUICE-REVERT-02',
      details: {
        count: 1,
        conflicts: [{ of: 'Person', name: 'hopper', reason: 'changed', run: 3, by: 'the-editor' }],
      },
    },
  })
  expect(await api('POST', '/runs/2/revert?dryRun=true', 'operator')).toMatchObject({
    status: 200,
    body: { report: { run: null, reverts: 2 }, conflicts: [{ reason: 'changed' }], changes: [] },
  })
  expect(await api('POST', '/runs/3/revert?comment=wrong', 'operator')).toMatchObject({
    status: 200,
    body: {
      report: { cause: 'revert', reverts: 3, comment: 'wrong', by: { kind: 'token', name: 'the-operator' } },
    },
  })
  expect(await api('GET', path, 'viewer')).toMatchObject({ body: { values: { name: 'grace' } } })
  expect((await api('POST', '/runs/99/revert', 'operator')).status).toBe(404)
  expect(await api('POST', '/runs/1/retry', 'operator')).toMatchObject({
    status: 409,
    body: { code: 'SLUICE-RETRY-01' },
  })
})
