/**
 * What goes wrong is seen: in the metrics, in the log, in whether the server is ready.
 */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { routes } from '@sluice/protocol'
import { type Database, openTokenStore, type Session } from '@sluice/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  ask,
  clientOf,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
} from '../test/server-harness.ts'
import type { RunningServer } from './index.ts'

let harness: ServerHarness
let server: RunningServer
beforeEach(async () => {
  harness = await createServerHarness()
  server = await harness.serve()
})
afterEach(() => harness[Symbol.asyncDispose]())

async function metrics(of = server): Promise<string> {
  const answer = await fetch(`${of.url}/metrics`, {
    headers: { authorization: `Bearer ${harness.secrets.viewer}` },
  })
  expect(answer.status).toBe(200)
  return await answer.text()
}

/** The value of a sample, as it is written. */
const valueIn = (text: string, sample: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${sample} `))
    ?.slice(sample.length + 1)

const execute = (text: string) => harness.repository.database.session((session) => session.execute(text))

const logged = () => harness.logged.map((line) => JSON.parse(line))

test('an applied run tells when, and what became of its rows', async () => {
  const before = Date.now() / 1000 - 1
  await decided(
    server,
    harness.secrets.agent,
    (await deliver(server, harness.secrets.agent, 'hr', ['ada', 'bob'])).id,
  )
  const text = await metrics()
  expect(valueIn(text, 'sluice_rows_total{source="hr",end="inserted"}')).toBe('2')
  expect(valueIn(text, 'sluice_rows_total{source="hr",end="rejected"}')).toBe('0')
  expect(Number(valueIn(text, 'sluice_applied_timestamp_seconds{source="hr"}'))).toBeGreaterThan(before)
  expect(valueIn(text, 'sluice_failures_since_applied{source="hr"}')).toBe('0')
  expect(valueIn(text, 'sluice_rejected_rows{source="hr"}')).toBe('0')
  expect(valueIn(text, 'sluice_applied_timestamp_seconds{source="ad"}')).toBe(undefined)
  expect(valueIn(text, 'sluice_repository_reachable')).toBe('1')
})

test('an export that failed, a delivery that never came and one that was cancelled are counted, logged and the last error of their source', async () => {
  const { agent, operator, viewer } = harness.secrets
  await clientOf(server, agent).call(routes.exportFailed, {
    params: { source: 'hr' },
    body: { code: 'SLUICE-EXPORT-01', message: 'The source file is not there.' },
  })
  const expired = randomUUID()
  const announced = { source: 'crm', mode: 'complete' } as const
  await clientOf(server, agent).call(routes.announce, { params: { delivery: expired }, body: announced })
  const impatient = await harness.serve({ deliveryExpiry: 1 })
  expect(await decided(server, agent, expired)).toMatchObject({ state: 'cancelled' })
  const waits = randomUUID()
  await impatient.stop()
  await clientOf(server, agent).call(routes.announce, { params: { delivery: waits }, body: announced })
  await clientOf(server, operator).call(routes.cancelDelivery, { params: { delivery: waits }, body: {} })

  const [here, there] = [await metrics(), harness.logged]
  expect(valueIn(here, 'sluice_failures_total{source="hr",code="SLUICE-EXPORT-01"}')).toBe('1')
  expect(valueIn(here, 'sluice_failures_since_applied{source="crm"}')).toBe('1')
  expect(valueIn(here, 'sluice_deliveries_cancelled_total{source="crm"}')).toBe('1')
  expect(there.length).toBeGreaterThan(0)
  expect(logged()).toContainEqual(
    expect.objectContaining({
      level: 40,
      msg: 'a delivery was given up',
      source: 'crm',
      delivery: expired,
      code: expect.stringMatching(/^SLUICE-RECEIVE-/),
    }),
  )
  const { sources } = await clientOf(server, viewer).call(routes.status, { params: {} })
  expect(sources.find(({ name }) => name === 'hr')).toMatchObject({
    lastError: { run: 1, code: 'SLUICE-EXPORT-01', message: 'The source file is not there.' },
  })
  // It stays known when it is over.
  await decided(server, agent, (await deliver(server, agent, 'hr', ['ada'])).id)
  const after = await clientOf(server, viewer).call(routes.status, { params: {} })
  expect(after.sources.find(({ name }) => name === 'hr')).toMatchObject({
    lastRun: { state: 'applied' },
    failures: 0,
    lastError: { run: 1, code: 'SLUICE-EXPORT-01' },
  })
})

test('tokens tell when they end and were used last', async () => {
  const end = '2099-01-01T00:00:00Z'
  await openTokenStore(harness.repository.database).create(
    { name: 'brief', role: 'viewer', sources: [], expiresAt: end },
    'test',
    [],
  )
  const text = await metrics()
  expect(valueIn(text, 'sluice_token_expiry_timestamp_seconds{token="brief",role="viewer"}')).toBe(
    String(Date.parse(end) / 1000),
  )
  expect(text).toContain('sluice_token_used_timestamp_seconds{token="the-viewer",role="viewer"}')
  expect(text).not.toContain('sluice_token_expiry_timestamp_seconds{token="the-viewer"')
})

/** A server to whose looks at the database something is done. */
async function serveWith(look: <T>(session: Session, work: (session: Session) => Promise<T>) => Promise<T>) {
  const { database } = harness.repository
  const apart = database.apart.bind(database)
  const session =
    (of: Database): Database['session'] =>
    (work) =>
      of.session((inner) => look(inner, work))
  Object.defineProperty(database, 'apart', {
    value: (connections: number) => {
      const other = apart(connections)
      return { ...other, session: session(other) }
    },
  })
  return await harness.serve()
}

test('what the server counts itself is told while the repository does not answer', async () => {
  const other = await serveWith((session, work) =>
    work({
      query: (text, values) =>
        text.startsWith('/* jobs/') ? Promise.reject(new Error('away')) : session.query(text, values),
      execute: (text) => session.execute(text),
      copyFrom: (...of) => session.copyFrom(...of),
    }),
  )
  const text = await metrics(other)
  expect(valueIn(text, 'sluice_repository_reachable')).toBe('0')
  expect(text).toContain('sluice_repository_reachable')
  expect(text).not.toContain('sluice_queue_age_seconds{')
  // It has answered before by then, and counts that.
  expect(await metrics(other)).toContain('sluice_request_seconds_count{')
})

const ready = async (of = server) => await ask(of, '/ready')

test('a repository that can only be read is no place for a server', async () => {
  expect(await ready()).toMatchObject({ status: 200 })
  const other = await serveWith(async (session, work) => {
    // As a standby answers.
    await session.execute('set default_transaction_read_only = on')
    try {
      return await work(session)
    } finally {
      await session.execute('set default_transaction_read_only = off')
    }
  })
  expect(await ready(other)).toMatchObject({
    status: 503,
    body: { reason: 'the repository can only be read' },
  })
})

test('runs that meet what an operator has to mend make the server not ready, until one is applied again', async () => {
  const { agent } = harness.secrets
  await execute('alter table person rename to person_away')
  const { id } = await deliver(server, agent, 'hr', ['ada'])
  for (;;) {
    const answer = await ready()
    if (answer.status === 503) {
      expect(answer.body).toMatchObject({ reason: 'runs cannot be applied (SLUICE-REPOSITORY-32)' })
      break
    }
  }
  await execute('alter table person_away rename to person')
  expect(await decided(server, agent, id)).toMatchObject({ state: 'applied' })
  expect(await ready()).toMatchObject({ status: 200 })
  const text = await metrics()
  expect(
    Number(valueIn(text, 'sluice_failures_total{source="hr",code="SLUICE-REPOSITORY-32"}')),
  ).toBeGreaterThan(0)
})

test('an inbox that cannot be written, or is gone, makes the server not ready', async () => {
  const { inbox } = harness.configuration.server
  await rm(inbox, { recursive: true })
  expect(await ready()).toMatchObject({ status: 503, body: { reason: 'the inbox folder cannot be written' } })
})
