/**
 * Held runs through the API: what they would change, a page at a time and counted, and who decides with which words.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, createServerHarness, decided, deliver, type ServerHarness } from '../test/server-harness.ts'

let opened: AsyncDisposableStack
let harness: ServerHarness
let server: { readonly url: string }

beforeEach(async () => {
  opened = new AsyncDisposableStack()
  harness = opened.use(await createServerHarness())
  server = await harness.serve()
  const { admin } = harness.secrets
  await decided(server, admin, (await deliver(server, admin, 'crm', ['ada', 'bob', 'cid', 'dan'])).id)
  await decided(server, admin, (await deliver(server, admin, 'hr', ['eve'])).id)
  await decided(server, admin, (await deliver(server, admin, 'crm', ['ann'])).id)
})
afterEach(() => opened.disposeAsync())

async function api(method: string, path: string, role: 'viewer' | 'operator' | 'agent' = 'viewer') {
  return await ask(server, `/api/v1${path}`, { method, token: harness.secrets[role] })
}

test('runs are listed by their states, and those before one that is known', async () => {
  expect(await api('GET', '/runs?state=held')).toMatchObject({ body: { runs: [{ run: 3, state: 'held' }] } })
  expect(await api('GET', '/runs?state=held&state=applied&limit=2')).toMatchObject({
    body: { runs: [{ run: 3 }, { run: 2 }] },
  })
  expect(await api('GET', '/runs?before=3&source=crm')).toMatchObject({ body: { runs: [{ run: 1 }] } })
  expect(await api('GET', '/runs?before=3', 'agent')).toMatchObject({
    body: { runs: [{ run: 2 }, { run: 1 }] },
  })
  expect((await api('GET', '/runs?state=lost')).status).toBe(400)
})

test('what a held run would change is counted, and shown a page at a time', async () => {
  expect(await api('GET', '/runs/3/changes/summary')).toMatchObject({
    status: 200,
    body: {
      types: [
        {
          kind: 'entity',
          type: 'Client',
          stored: 4,
          updated: 1,
          deleted: 3,
          properties: [{ property: 'name', changes: 1 }],
        },
      ],
    },
  })
  const first = await api('GET', '/runs/3/changes/page?limit=3')
  expect(first).toMatchObject({
    status: 200,
    body: { changes: [{ operation: 'delete' }, { operation: 'delete' }, { operation: 'delete' }] },
  })
  const { next } = first.body as { readonly next: string }
  expect(await api('GET', `/runs/3/changes/page?limit=3&cursor=${encodeURIComponent(next)}`)).toMatchObject({
    body: { changes: [{ operation: 'update', before: { name: 'ada' }, after: { name: 'ann' } }], next: null },
  })
  expect((await api('GET', '/runs/3/changes/page?cursor=x')).status).toBe(400)
})

test('where a run stands is known while it is at work, and not any more', async () => {
  expect(await api('GET', '/runs/1/progress')).toMatchObject({ status: 200, body: { now: null, stages: [] } })
})

test('an approval is kept with its reason, and the run is counted as it was', async () => {
  const before = await api('GET', '/runs/3/changes/summary')
  expect((await api('POST', '/runs/3/approve?reason=they+left')).status).toBe(403)
  expect(await api('POST', '/runs/3/approve?reason=they+left', 'operator')).toMatchObject({
    status: 200,
    body: {
      moved: false,
      report: { state: 'applied', decision: { by: 'the-operator', reason: 'they left' } },
    },
  })
  expect((await api('GET', '/runs/3/changes/summary')).body).toEqual(before.body)
})
