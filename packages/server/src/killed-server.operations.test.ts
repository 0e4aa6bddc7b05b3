/**
 * Server processes as people start them: killed in the middle of a run, stopped by a signal, sent away.
 */
import { join } from 'node:path'
import { routes } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { clientOf, createServerHarness, decided, deliver } from '../test/server-harness.ts'
import { spawnServer } from '../test/server-process.ts'

test('a server killed in the middle of a run is taken over by another, which applies the delivery once', async () => {
  await using harness = await createServerHarness()
  await using one = await spawnServer(harness.configuration.repository, harness.folder)
  const token = harness.secrets.agent
  const { repository } = harness
  let id = ''
  await repository.database.transaction(async (session) => {
    // The run comes as far as its changes, and waits.
    await session.execute('lock table person in exclusive mode')
    id = (await deliver(one, token, 'hr', ['ada', 'grace'])).id
    await expect.poll(async () => (await session.query(waiting)).count, { timeout: 20_000 }).toBe(1)
    await one.end('SIGKILL')
  })
  await using two = await spawnServer(harness.configuration.repository, harness.folder)
  expect(await decided(two, token, id)).toMatchObject({ state: 'applied', run: 2 })
  const { runs } = await clientOf(two, token).call(routes.runs, { params: {} })
  expect(runs.map(({ state }) => state)).toEqual(['applied', 'interrupted'])
  expect(await two.end('SIGTERM')).toBe(0)
})

const waiting = "select from pg_locks where not granted and relation = 'person'::regclass"

test('a server with another inbox folder than the rest does not start while deliveries wait', async () => {
  await using harness = await createServerHarness()
  await using one = await spawnServer(harness.configuration.repository, harness.folder)
  await clientOf(one, harness.secrets.agent).call(routes.announce, {
    params: { delivery: crypto.randomUUID() },
    body: { source: 'hr', mode: 'complete' },
  })
  await expect(
    spawnServer(harness.configuration.repository, join(harness.folder, 'elsewhere')),
  ).rejects.toThrow('SLUICE-RECEIVE-12')
})
