/**
 * What one token may have at a server at a time.
 */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { RunningServer } from '../../src/index.ts'
import { append, ask, contentOf, createServerHarness, type RawAnswer } from '../server-harness.ts'

const { name, bytes } = contentOf('hr', ['ada'])
const reached = { status: 429, body: { code: 'SLUICE-RECEIVE-25', retry: true } }

async function announce(server: RunningServer, token: string, id: string, size?: number): Promise<RawAnswer> {
  const files = size === undefined ? {} : { files: [{ name, size, sha256: '0'.repeat(64) }] }
  return await ask(server, `/api/v1/deliveries/${id}`, {
    method: 'PUT',
    token,
    body: JSON.stringify({ source: 'hr', mode: 'complete', ...files }),
    headers: { 'content-type': 'application/json' },
  })
}

test('one delivery more than may be unsealed is told to wait, and takes nothing from another token', async () => {
  await using harness = await createServerHarness()
  const { limits } = harness.configuration.server
  const server = await harness.serve({ limits: { ...limits, unsealedDeliveries: 2 } })
  const { agent, admin } = harness.secrets
  const ids = [randomUUID(), randomUUID(), randomUUID()]
  const [first = '', second = '', third = ''] = ids
  expect(await announce(server, agent, first)).toMatchObject({ status: 200 })
  expect(await announce(server, agent, second)).toMatchObject({ status: 200 })
  expect(await announce(server, agent, third)).toMatchObject(reached)
  expect(await announce(server, agent, second, 10)).toMatchObject({ status: 200 })
  expect(await announce(server, admin, third)).toMatchObject({ status: 200 })
})

test('bytes are counted as they are announced, and as they come', async () => {
  await using harness = await createServerHarness()
  const { limits } = harness.configuration.server
  const server = await harness.serve({ limits: { ...limits, inboxSize: 50 } })
  const { agent } = harness.secrets
  expect(await announce(server, agent, randomUUID(), 51)).toMatchObject(reached)
  const delivery = randomUUID()
  expect(await announce(server, agent, delivery)).toMatchObject({ status: 200 })
  const piece = Buffer.concat([bytes, Buffer.alloc(60, 'x')])
  expect(await append(server, agent, { delivery, file: name }, piece)).toMatchObject({ status: 200 })
  const more = { delivery, file: name, offset: piece.length }
  expect(await append(server, agent, more, 'more')).toMatchObject(reached)
  expect(await announce(server, agent, randomUUID(), 1)).toMatchObject(reached)
})
