/**
 * An inbox that is gone: a server that was started on another machine without its disk, or on a repository that was restored
 * from an older dump, in which deliveries still wait.
 */
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createServerHarness, decided, deliver } from '../test/server-harness.ts'

/** One delivery waits; then its server is stopped. */
async function oneWaits() {
  const harness = await createServerHarness()
  const { inbox } = harness.configuration.server
  const server = await harness.serve({}, { synchronizes: false })
  const { id } = await deliver(server, harness.secrets.agent, 'hr', ['ada', 'grace'])
  await server.stop()
  return { harness, inbox, id, token: harness.secrets.agent }
}

test.each([
  ['with everything in it', async (inbox: string) => rm(inbox, { recursive: true })],
  [
    'and an empty disk is in its place',
    async (inbox: string) => {
      await rm(inbox, { recursive: true })
      await mkdir(inbox)
    },
  ],
])('a server starts when its inbox is gone %s: what waited is given up, and told', async (_what, lose) => {
  const { harness: opened, inbox, id, token } = await oneWaits()
  await using harness = opened
  await lose(inbox)
  const server = await harness.serve()
  const status = await decided(server, token, id)
  expect(status).toMatchObject({ state: 'refused' })
  expect(status.reason).toContain('Person.sorted.csv is missing in the inbox')
  expect(harness.logged.join('')).toContain('SLUICE-RECEIVE-17')
  const next = await deliver(server, token, 'hr', ['ada'])
  expect(await decided(server, token, next.id)).toMatchObject({ state: 'applied' })
})

test('a delivery whose files vanished while the server ran stops nothing', async () => {
  const { harness: opened, inbox, id, token } = await oneWaits()
  await using harness = opened
  const server = await harness.serve({}, { synchronizes: false })
  await rm(join(inbox, id), { recursive: true })
  await server.stop()
  const later = await harness.serve()
  const next = await deliver(later, token, 'hr', ['ada'])
  expect(await decided(later, token, next.id)).toMatchObject({ state: 'applied' })
})

test('an inbox that was moved with everything in it is given up for nothing', async () => {
  const { harness: opened, inbox, id, token } = await oneWaits()
  await using harness = opened
  const moved = `${inbox}-moved`
  await rename(inbox, moved)
  const server = await harness.serve({ inbox: moved })
  expect(await decided(server, token, id)).toMatchObject({ state: 'applied' })
})
