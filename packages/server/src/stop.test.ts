/**
 * A server that is stopped: with a run at work, with requests that wait, with a run that will not end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { routes } from '@sluice/protocol'
import type { Repository, Session } from '@sluice/repository'
import { expect, test } from 'vitest'
import { ask, clientOf, createServerHarness, decided, deliver } from '../test/server-harness.ts'

/** Lets every run of the repository wait in its middle until it is released. */
async function blockRuns(repository: Repository): Promise<() => Promise<void>> {
  let release: () => void = () => undefined
  let blocked: () => void = () => undefined
  const isBlocked = new Promise<void>((resolve) => {
    blocked = resolve
  })
  const done = repository.database.transaction(async (session: Session) => {
    await session.execute('lock table person in exclusive mode')
    blocked()
    await new Promise<void>((resolve) => {
      release = resolve
    })
  })
  await isBlocked
  return async () => {
    release()
    await done
  }
}

async function untilRunning(repository: Repository): Promise<void> {
  const state = async () => (await repository.runs({ limit: 1 }))[0]?.state
  await expect.poll(state, { timeout: 20_000 }).toBe('running')
}

/** The run has come to where it cannot go on. */
async function untilBlocked(repository: Repository): Promise<void> {
  await untilRunning(repository)
  const blocked = async () => {
    const { count } = await repository.database.session((session) =>
      session.query(`select from pg_locks where not granted and relation = 'person'::regclass`),
    )
    return count
  }
  await expect.poll(blocked, { timeout: 20_000 }).toBeGreaterThan(0)
}

test('waits for the run at work, answers those who wait, and takes nothing new', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({ stopTimeout: 20_000 })
  const token = harness.secrets.agent
  const release = await blockRuns(harness.repository)
  const { id } = await deliver(server, token, 'hr', ['ada'])
  await untilBlocked(harness.repository)
  const waiting = clientOf(server, token).call(routes.delivery, {
    params: { delivery: id },
    query: { wait: 60 },
  })
  // Longer than the way there, shorter than it waits.
  await sleep(300)
  const stopping = server.stop()
  expect(await waiting).toMatchObject({ state: 'ready' })
  await expect(ask(server, '/health')).rejects.toThrow('fetch failed')
  await release()
  expect(await stopping).toBe(true)
  expect(await harness.repository.run(1)).toMatchObject({ state: 'applied', delivery: id })
})

test('ends a run that takes too long, whose delivery another server then applies', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({ stopTimeout: 100 })
  const token = harness.secrets.agent
  const release = await blockRuns(harness.repository)
  const { id } = await deliver(server, token, 'hr', ['ada'])
  await untilBlocked(harness.repository)
  const stopping = server.stop()
  setTimeout(() => void release(), 1000)
  expect(await stopping).toBe(true)
  expect(await harness.repository.run(1)).toMatchObject({ state: 'interrupted' })
  const other = await harness.serve()
  expect(await decided(other, token, id)).toMatchObject({ state: 'applied', run: 2 })
})

test('does not wait for ever for a run that the database does not let go of', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve({ stopTimeout: 100 })
  const token = harness.secrets.agent
  const release = await blockRuns(harness.repository)
  await deliver(server, token, 'hr', ['ada'])
  await untilBlocked(harness.repository)
  expect(await server.stop()).toBe(false)
  await release()
})
