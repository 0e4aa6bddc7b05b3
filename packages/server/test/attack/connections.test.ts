/**
 * Connections of people without a token: very many of them, and such as say nothing, next to nothing, or do not listen.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../src/index.ts'
import { ask, createServerHarness, type ServerHarness } from '../server-harness.ts'

let harness: ServerHarness
let server: RunningServer

beforeAll(async () => {
  harness = await createServerHarness()
  const { limits } = harness.configuration.server
  server = await harness.serve({ limits: { ...limits, idle: 500, connectionsPerAddress: 50 } })
})
afterAll(() => harness[Symbol.asyncDispose]())

/** Open, and quiet whatever comes of it. */
function connected(options: { readonly allowHalfOpen?: boolean } = {}): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port: server.port, host: server.host, ...options }, () => resolve(socket))
    socket.on('error', () => resolve(socket))
  })
}

/** Resolves when there is no such connection any more, as far as this end can know: what it sends is refused. */
async function untilGone(socket: Socket, send = 'x'): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let over = false
  void gone.then(() => {
    over = true
  })
  while (!over) {
    socket.write(send)
    await Promise.race([gone, sleep(50)])
  }
}

test('1,100 connections end nothing for whoever has a token, from the same address', async () => {
  const token = harness.secrets.viewer
  const sockets: Socket[] = []
  for (let count = 0; count < 1100; count += 1) {
    sockets.push(await connected())
    if (count % 100 === 99)
      expect(await ask(server, '/api/v1/token', { token })).toMatchObject({ status: 200 })
  }
  expect(await ask(server, '/api/v1/runs', { token })).toMatchObject({ status: 200 })
  const { body } = await ask(server, '/metrics', { token })
  expect(Number(/^sluice_connections_closed_total (\d+)$/m.exec(String(body))?.[1])).toBeGreaterThan(1000)
  expect(harness.logged.filter((line) => line.includes('too many connections')).length).toBeLessThan(20)
  for (const socket of sockets) socket.destroy()
})

/** Descriptors of this process, in which both ends are. */
async function descriptors(): Promise<number> {
  const { body } = await ask(server, '/metrics', { token: harness.secrets.viewer })
  return Number(/^process_open_fds (\d+)$/m.exec(String(body))?.[1])
}

test('who does not close a connection that was refused loses it', async () => {
  const before = await descriptors()
  const sockets = await Promise.all(Array.from({ length: 30 }, () => connected({ allowHalfOpen: true })))
  for (const socket of sockets) socket.write('nonsense\r\n\r\n')
  // The 30 ends here stay open.
  await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThan(before + 45)
  for (const socket of sockets) socket.destroy()
})

test('a body that comes a byte at a time does not come to its end', async () => {
  const socket = await connected()
  socket.resume()
  socket.write(
    `POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.secrets.admin}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`,
  )
  await untilGone(socket, ' ')
})

test('what is too large is answered before it comes, and the connection is closed', async () => {
  const socket = await connected()
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(
    `POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.secrets.admin}\r\ncontent-type: application/json\r\ncontent-length: 9999999\r\n\r\n{`,
  )
  await closed
  expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i)
})

test('a secret that is none is looked for once, and who guesses is told to wait before anybody looks', async () => {
  const { limits } = harness.configuration.server
  const guarded = await harness.serve({ limits: { ...limits, requestsPerMinute: 5 } })
  const guess = (number: number) => `slc_${String(number).padStart(43, 'x')}`
  const statuses: number[] = []
  for (let tries = 0; tries < 8; tries += 1)
    statuses.push((await ask(guarded, '/api/v1/token', { token: guess(tries) })).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  // Who is known here is let in all the same.
  const token = harness.secrets.viewer
  const other = await harness.serve({ limits: { ...limits, requestsPerMinute: 5 } })
  expect((await ask(other, '/api/v1/token', { token })).status).toBe(200)
  for (let tries = 0; tries < 8; tries += 1) await ask(other, '/api/v1/token', { token: guess(tries) })
  expect((await ask(other, '/api/v1/token', { token })).status).toBe(200)
})

test('what is no request, and pages without a token, are counted', async () => {
  const { limits } = harness.configuration.server
  const guarded = await harness.serve({ limits: { ...limits, requestsPerMinute: 2 } })
  const paths = ['/nowhere', '/docs/json', '/openapi.json', '/also/nowhere', '/docs']
  const statuses: number[] = []
  for (const path of paths) statuses.push((await ask(guarded, path)).status)
  expect(statuses).toEqual([404, 200, 429, 429, 429])
  expect((await ask(guarded, '/health')).status).toBe(200)
})
