/**
 * Servers that notify: of runs, of exports that failed at an agent, of sources that are late; each once, however many there are.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Configuration, Receiver } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { type HttpReceiver, openHttpReceiver } from '../../notify/test/http-receiver.ts'
import {
  ask,
  clientOf,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
} from '../test/server-harness.ts'

const everything = ['failed', 'held', 'rejectedRows', 'notStarted', 'late', 'recovered', 'jobFailed'] as const

function notifying({ url }: Pick<HttpReceiver, 'url'>): Pick<Configuration, 'notifications'> {
  const ops: Receiver = {
    name: 'ops',
    kinds: everything,
    address: { kind: 'webhook', url: { kind: 'known', text: url } },
  }
  const receivers = new Map([[ops.name, ops]])
  return { notifications: { receivers, repeatAfter: 3_600_000, giveUpAfter: 86_400_000 } }
}

/** Until so many requests have come. */
async function come(receiver: HttpReceiver, count: number): Promise<void> {
  while (receiver.requests.length < count) await sleep(20)
}

const typesOf = ({ requests }: HttpReceiver) =>
  requests
    .map(({ body }): unknown => JSON.parse(body))
    .map((document) => (isTyped(document) ? document.type : ''))

function isTyped(document: unknown): document is { readonly type: string } {
  return typeof document === 'object' && document !== null && 'type' in document
}

/** Five clients, then four of them gone. */
async function hold(harness: ServerHarness, server: { readonly url: string }): Promise<void> {
  const { agent } = harness.secrets
  await decided(server, agent, (await deliver(server, agent, 'crm', ['a', 'b', 'c', 'd', 'e'])).id)
  await decided(server, agent, (await deliver(server, agent, 'crm', ['a'])).id)
}

test('a held run is told once by two servers, is listed, and counted', async () => {
  await using receiver = await openHttpReceiver()
  await using harness = await createServerHarness()
  const options = { with: notifying(receiver) }
  const [one, two] = [await harness.serve({}, options), await harness.serve({}, options)]
  await hold(harness, one)
  await come(receiver, 1)
  const { agent, viewer, admin } = harness.secrets
  const list = async () =>
    (await clientOf(two, viewer).call(routes.notifications, { params: {} })).notifications
  while ((await list())[0]?.state !== 'sent') await sleep(20)
  expect(await list()).toMatchObject([
    { receiver: 'ops', kind: 'held', source: 'crm', run: 2, state: 'sent', attempts: 1, error: null },
  ])
  expect(typesOf(receiver)).toEqual(['run.held'])
  expect((await clientOf(one, agent).call(routes.notifications, { params: {} })).notifications).toHaveLength(
    1,
  )
  const metrics = await Promise.all([one, two].map((server) => ask(server, '/metrics', { token: admin })))
  const counted = metrics.map(
    ({ body }) => /^sluice_notifications_total\{state="sent"\} (\d+)/m.exec(String(body))?.[1],
  )
  expect(counted.filter((count) => count !== undefined)).toEqual(['1'])
  expect(String(metrics[0]?.body)).toMatch(/^sluice_notifications_waiting 0$/m)
})

test('a job that failed at an agent is told at once, with what failed in it', async () => {
  await using receiver = await openHttpReceiver()
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { with: notifying(receiver) })
  const execution = randomUUID()
  const body = {
    job: 'nightly',
    agent: { agent: randomUUID(), host: 'office', folder: '/srv/office' },
    state: 'failed' as const,
    cause: 'schedule' as const,
    by: { kind: 'schedule' as const, name: 'nightly' },
    start: null,
    startedAt: '2026-11-30T02:30:00.000Z',
    finishedAt: '2026-11-30T02:31:00.000Z',
    stop: null,
    error: { code: 'SLUICE-CONFIG-01', message: 'The configuration cannot be used.', remedy: null },
    steps: [],
  }
  const client = clientOf(server, harness.secrets.agent)
  await client.call(routes.keepExecution, { params: { execution }, body })
  await come(receiver, 1)
  expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
    type: 'job.failed',
    data: { subject: 'job nightly failed', error: body.error, job: { execution, state: 'failed' } },
  })
})

test('a receiver that is down delays no run, and is asked again by whoever may decide', async () => {
  await using receiver = await openHttpReceiver()
  receiver.answer(503, 'silence')
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { with: notifying(receiver) })
  await hold(harness, server)
  await come(receiver, 1)
  const { operator, viewer, agent } = harness.secrets
  await decided(server, agent, (await deliver(server, agent, 'hr', ['ada'])).id)
  const { notifications } = await clientOf(server, viewer).call(routes.notifications, { params: {} })
  expect(notifications).toMatchObject([{ state: 'waiting', error: expect.stringContaining('status 503') }])
  const params = { notification: notifications[0]?.id ?? '' }
  await expect(clientOf(server, viewer).call(routes.retryNotification, { params })).rejects.toMatchObject({
    status: 403,
  })
  await clientOf(server, operator).call(routes.retryNotification, { params })
  await come(receiver, 2)
  // It says nothing, and the server works on.
  expect(await decided(server, agent, (await deliver(server, agent, 'hr', ['ada', 'bob'])).id)).toMatchObject(
    {
      state: 'applied',
    },
  )
})

test('an agent says that an export failed, of its own sources', async () => {
  await using receiver = await openHttpReceiver()
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { with: notifying(receiver) })
  const { agent, viewer, admin } = harness.secrets
  const body = { code: 'SLUICE-EXPORT-03', message: 'export.sh ended with 1.' }
  await clientOf(server, agent).call(routes.exportFailed, { params: { source: 'hr' }, body })
  await come(receiver, 1)
  expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
    type: 'run.not-started',
    data: { source: 'hr', run: { run: 1, state: 'failed' }, error: { ...body, remedy: null } },
  })
  const foreign = clientOf(server, agent).call(routes.exportFailed, { params: { source: 'ad' }, body })
  await expect(foreign).rejects.toMatchObject({ status: 404 })
  await clientOf(server, admin).call(routes.exportFailed, { params: { source: 'ad' }, body })
  const { notifications } = await clientOf(server, agent).call(routes.notifications, { params: {} })
  expect(notifications.map((one) => one.source)).toEqual(['hr'])
  const forbidden = clientOf(server, viewer).call(routes.exportFailed, { params: { source: 'hr' }, body })
  await expect(forbidden).rejects.toMatchObject({ status: 403 })
})

test('a source that is late is told once by two servers', async () => {
  await using receiver = await openHttpReceiver()
  await using harness = await createServerHarness()
  const sources = new Map(
    [...harness.configuration.sources].map(([name, source]) => [
      name,
      name === 'hr' ? { ...source, expected: 3_600_000 } : source,
    ]),
  )
  await harness.repository.database.session((session) =>
    session.execute(`insert into sluice_expected_source (source, watched_since)
      values ('hr', now() - interval '2 h')`),
  )
  const options = { with: { ...notifying(receiver), sources } }
  const servers = await Promise.all([harness.serve({}, options), harness.serve({}, options)])
  await come(receiver, 1)
  await Promise.all(servers.map((server) => server.stop()))
  expect(typesOf(receiver)).toEqual(['source.late'])
})

test('a test of a receiver says what came of it', async () => {
  await using receiver = await openHttpReceiver()
  receiver.answer(204, 404)
  await using harness = await createServerHarness()
  const server = await harness.serve({}, { with: notifying(receiver) })
  const client = clientOf(server, harness.secrets.operator)
  const tested = () => client.call(routes.testReceiver, { params: { receiver: 'ops' } })
  expect(await tested()).toEqual({ receiver: 'ops', error: null })
  expect(await tested()).toEqual({ receiver: 'ops', error: expect.stringContaining('status 404') })
  await expect(client.call(routes.testReceiver, { params: { receiver: 'opps' } })).rejects.toMatchObject({
    status: 404,
    code: 'SLUICE-NOTIFY-01',
  })
})
