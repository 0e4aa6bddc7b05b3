/**
 * Those who wait take nothing from those who only look.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { lockOfRuns, openDatabase, run, sql, statement } from '@sluice/repository'
import { expect, test } from 'vitest'
import { ask, createServerHarness, decided, deliver, type ServerHarness } from '../server-harness.ts'

const json = { 'content-type': 'application/json' }

/** As a run of another server that takes long. */
async function longRun({ configuration }: ServerHarness): Promise<{ end(): Promise<void> }> {
  const database = await openDatabase(configuration.repository)
  const taken = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const held = database.transaction(async (session) => {
    await run(session, statement('test/lock', sql`select pg_advisory_xact_lock(${lockOfRuns})`))
    taken.resolve()
    await over.promise
  })
  await taken.promise
  return {
    async end() {
      over.resolve()
      await held
      await database[Symbol.asyncDispose]()
    },
  }
}

test('forty edits that wait for a run keep nobody from looking', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { viewer, admin } = harness.secrets
  const other = await longRun(harness)
  const edits = Array.from({ length: 40 }, (_, number) => {
    const body = JSON.stringify({ number: `p${number}`, name: `person ${number}` })
    return ask(server, '/api/v1/resources/Client', { method: 'POST', token: admin, body, headers: json })
  })
  const waiting = Promise.allSettled(edits)
  await sleep(500)
  for (const path of ['/ready', '/api/v1/token', '/api/v1/runs', '/metrics', '/api/v1/resources/Person'])
    expect((await ask(server, path, { token: viewer })).status, path).toBe(200)
  await other.end()
  expect((await waiting).map((one) => one.status === 'fulfilled' && one.value.status)).not.toContain(false)
})

test('an approval is dropped when whoever approved has left before it began', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const { admin, operator } = harness.secrets
  const names = ['ada', 'grace', 'edsger']
  await decided(server, admin, (await deliver(server, admin, 'crm', names)).id)
  const { run: held } = await decided(server, admin, (await deliver(server, admin, 'crm', ['ada'])).id)
  const other = await longRun(harness)
  const leaving = new AbortController()
  const approval = ask(server, `/api/v1/runs/${held}/approve`, {
    method: 'POST',
    token: operator,
    signal: leaving.signal,
  }).catch(() => 'gone')
  await sleep(500)
  leaving.abort()
  expect(await approval).toBe('gone')
  await expect.poll(() => harness.logged.some((line) => line.includes('client went away'))).toBe(true)
  await other.end()
  await sleep(500)
  expect(await ask(server, `/api/v1/runs/${held}`, { token: operator })).toMatchObject({
    body: { state: 'held' },
  })
  // Which is no failure of the server.
  expect(harness.logged.filter((line) => line.includes('request failed'))).toEqual([])
})
