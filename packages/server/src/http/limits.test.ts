/**
 * Requests that are too large, too slow, broken, or for something that is not there.
 */
import { connect } from 'node:net'
import { routes } from '@sluice/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  clientOf,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
} from '../../test/server-harness.ts'
import type { RunningServer } from '../index.ts'

let harness: ServerHarness
let server: RunningServer

beforeAll(async () => {
  harness = await createServerHarness()
  const { limits } = harness.configuration.server
  server = await harness.serve({ limits: { ...limits, idle: 500 } })
})
afterAll(() => harness[Symbol.asyncDispose]())

/** Sends text as it stands and returns all that comes back until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, server.host, () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const json = { 'content-type': 'application/json' }

test('headers beyond the limit and what is no HTTP are answered with a document', async () => {
  const large = await raw(`GET /health HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(large).toMatch(/^HTTP\/1\.1 431 /)
  expect(large).toContain('"code":"SLUICE-SERVER-04"')
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*SLUICE-SERVER-04/)
})

test('a JSON body beyond a megabyte, broken, or of another type is refused', async () => {
  const token = harness.secrets.admin
  const post = (body: string, headers: Record<string, string> = json) =>
    ask(server, '/api/v1/tokens', { method: 'POST', token, body, headers })
  const refused = (status: number) => ({ status, body: { code: 'SLUICE-SERVER-04' } })
  expect(await post(JSON.stringify({ name: 'x'.repeat(1_100_000) }))).toMatchObject(refused(413))
  expect(await post('{"name": ')).toMatchObject(refused(400))
  expect(await post('name=x', { 'content-type': 'text/html' })).toMatchObject(refused(415))
  expect(await post('{"__proto__": {"role": "admin"}, "name": "x"}')).toMatchObject(refused(400))
  expect(await post('{"name": "a b", "role": "viewer"}')).toMatchObject({
    ...refused(400),
    body: { message: expect.stringContaining('name: must be letters') },
  })
})

test.each([
  ['/api/v1/nowhere', 404],
  ['/api/v2/runs', 404],
  ['/api/v1/runs/0', 400],
  ['/api/v1/runs/seven', 400],
  ['/api/v1/runs/9999', 404],
  ['/api/v1/runs?limit=5000', 400],
  ['/api/v1/runs?colour=red', 400],
  ['/api/v1/resources/Nothing', 404],
  ['/api/v1/resources/Person?where=colour%3Dred', 400],
  ['/api/v1/resources/Person?where=nonsense', 400],
  ['/api/v1/resources/Person?columns=colour', 400],
  ['/api/v1/resources/Person/nobody/explanation', 404],
  ['/api/v1/resources/Person/7', 404],
  ['/api/v1/resources/Person/nobody', 400],
  ['/api/v1/resources/Person?sort=colour', 400],
  ['/api/v1/resources/Person?cursor=nonsense', 400],
  ['/api/v1/links/Nothing', 404],
  ['/api/v1/sources/nowhere', 404],
  ['/api/v1/resources/%zz', 400],
])('GET %s is answered with %i and a document', async (path, status) => {
  const answer = await ask(server, path, { token: harness.secrets.admin })
  expect(answer.status).toBe(status)
  expect(answer.body).toMatchObject({ code: expect.stringMatching(/^SLUICE-/), message: expect.any(String) })
})

test('every answer carries headers that keep browsers careful', async () => {
  for (const path of ['/health', '/api/v1/token', '/nowhere']) {
    const { headers } = await ask(server, path, { token: harness.secrets.viewer })
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  }
})

describe('a connection on which nothing happens', () => {
  test('is closed when a body stops coming', async () => {
    const started = Date.now()
    await raw(
      `POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.secrets.admin}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    )
    expect(Date.now() - started).toBeLessThan(5000)
  })

  test('stays open while the server works on the answer', async () => {
    const started = Date.now()
    const { id } = await announce()
    const status = await clientOf(server, harness.secrets.agent).call(routes.delivery, {
      params: { delivery: id },
      query: { wait: 2 },
    })
    expect(status.state).toBe('announced')
    expect(Date.now() - started).toBeGreaterThan(1900)
  })

  test('is closed when nobody reads the answer, which is then not read from the repository either', async () => {
    const names = Array.from({ length: 40_000 }, (_, number) => `name ${number} ${'x'.repeat(300)}`)
    // Through one that waits longer: twelve megabytes may stop coming for half a second where the machine is busy.
    const patient = await harness.serve()
    const { id } = await deliver(patient, harness.secrets.admin, 'ad', names)
    await decided(patient, harness.secrets.admin, id)
    const socket = connect(server.port, server.host)
    socket.write(
      `GET /api/v1/resources/Account HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.secrets.viewer}\r\n\r\n`,
    )
    socket.once('data', () => socket.pause())
    await new Promise((resolve) => socket.once('data', resolve))
    await expect.poll(() => wentAway('/api/v1/resources/Account'), { timeout: 10_000 }).toBe(true)
    socket.destroy()
  })
})

function wentAway(path: string): boolean {
  return harness.logged.some((line) => line.includes('client went away') && line.includes(`"path":"${path}"`))
}

async function announce() {
  return await clientOf(server, harness.secrets.agent).call(routes.announce, {
    params: { delivery: crypto.randomUUID() },
    body: { source: 'hr', mode: 'complete' },
  })
}
