/**
 * Files that arrive in pieces, compressed, broken off, too large or under names that are none.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import { routes } from '@sluice/protocol'
import { describe, expect, test } from 'vitest'
import {
  append,
  ask,
  clientOf,
  contentOf,
  createServerHarness,
  decided,
  deliver,
} from '../../test/server-harness.ts'

const names = (count: number) =>
  Array.from({ length: count }, (_, number) => `name ${number} ${number * 7919}`)

const encodings: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['gzip', (bytes) => zlib.gzipSync(bytes)],
  ['br', (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['zstd', (bytes) => zlib.zstdCompressSync(bytes)],
  ['identity', (bytes) => bytes],
]

async function announced(
  options: { readonly deliverySize?: number; readonly names?: readonly string[] } = {},
) {
  const harness = await createServerHarness()
  const { limits } = harness.configuration.server
  const server = await harness.serve(
    options.deliverySize === undefined ? {} : { limits: { ...limits, deliverySize: options.deliverySize } },
  )
  const token = harness.secrets.agent
  const client = clientOf(server, token)
  const id = randomUUID()
  const params = { delivery: id }
  const content = contentOf('hr', options.names ?? names(5000))
  await client.call(routes.announce, { params, body: { source: 'hr', mode: 'complete' } })
  return {
    harness,
    server,
    token,
    client,
    id,
    params,
    content,
    at: { delivery: id, file: content.name },
    received: async () =>
      (await client.call(routes.receivedFile, { params: { ...params, file: content.name } })).size,
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  }
}

describe.each(encodings)('a body encoded as %s', (encoding, encode) => {
  test('is stored as it was before', async () => {
    await using upload = await announced()
    const { server, token, content, client, params, at } = upload
    const answer = await append(server, token, at, encode(content.bytes), encoding)
    expect(answer).toMatchObject({ status: 200, body: { size: content.bytes.length } })
    expect(answer.headers.get('accept-encoding')).toBe('gzip, br, zstd, identity')
    const sealed = await client.call(routes.seal, { params, body: content.manifest })
    expect(sealed.state).toBe('ready')
  })

  test('ends as soon as it grows beyond the limit, and the connection carries the reason', async () => {
    await using upload = await announced({ deliverySize: 1_000_000 })
    const { server, token, at, received } = upload
    const bomb = encode(Buffer.alloc(64_000_000))
    expect(await append(server, token, at, bomb, encoding)).toMatchObject({
      status: 413,
      body: { code: 'SLUICE-RECEIVE-09' },
    })
    expect(await received()).toBeLessThanOrEqual(1_000_000)
    expect(await ask(server, '/health')).toMatchObject({ status: 200 })
  })
})

test('goes on where a broken connection left it', async () => {
  await using upload = await announced()
  const { server, token, content, client, params, at, received } = upload
  const half = content.bytes.length >> 1
  const sending = request(`${server.url}/api/v1/deliveries/${at.delivery}/files/${at.file}?offset=0`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-length': content.bytes.length },
  })
  const broken = new Promise<void>((resolve) => sending.on('error', () => resolve()))
  sending.write(content.bytes.subarray(0, half))
  await expect.poll(received, { timeout: 60_000 }).toBeGreaterThan(0)
  sending.destroy(new Error('cut'))
  await broken
  let [before, size] = [-1, await received()]
  while (size !== before) {
    await sleep(50)
    ;[before, size] = [size, await received()]
  }
  expect(size).toBeGreaterThan(0)
  expect(size).toBeLessThanOrEqual(half)
  const rest = await append(server, token, { ...at, offset: size }, content.bytes.subarray(size))
  expect(rest).toMatchObject({ status: 200, body: { size: content.bytes.length } })
  await client.call(routes.seal, { params, body: content.manifest })
  expect(await decided(server, token, at.delivery)).toMatchObject({ state: 'applied' })
})

test('a wrong offset is refused with the size to go on at; 0 begins anew', async () => {
  await using upload = await announced()
  const { server, token, content, at } = upload
  await append(server, token, at, content.bytes.subarray(0, 100))
  expect(await append(server, token, { ...at, offset: 99 }, 'x')).toMatchObject({
    status: 409,
    body: { code: 'SLUICE-RECEIVE-07', details: { size: 100 } },
  })
  expect(await append(server, token, at, content.bytes)).toMatchObject({ status: 200 })
})

test('a damaged file is refused at the seal and begun anew; a seal may be repeated', async () => {
  await using upload = await announced()
  const { server, token, content, client, params, at, received } = upload
  const damaged = Buffer.from(content.bytes)
  damaged[200] = 33
  await append(server, token, at, damaged)
  await expect(client.call(routes.seal, { params, body: content.manifest })).rejects.toMatchObject({
    status: 422,
    code: 'SLUICE-RECEIVE-03',
    details: { file: content.name },
  })
  expect(await received()).toBe(0)
  await append(server, token, at, content.bytes)
  const [first, second] = await Promise.all([
    client.call(routes.seal, { params, body: content.manifest }),
    client.call(routes.seal, { params, body: content.manifest }),
  ])
  expect([first.id, second.id]).toEqual([at.delivery, at.delivery])
  expect(await decided(server, token, at.delivery)).toMatchObject({ state: 'applied', run: 1 })
  const again = await client.call(routes.seal, { params, body: content.manifest })
  expect(again).toMatchObject({ state: 'applied', run: 1 })
})

test('an encoding that is unknown, or that the body is not in, is told as such', async () => {
  await using upload = await announced()
  const { server, token, content, at } = upload
  expect(await append(server, token, at, content.bytes, 'compress')).toMatchObject({
    status: 415,
    body: { code: 'SLUICE-SERVER-06', details: { known: ['gzip', 'br', 'zstd', 'identity'] } },
  })
  expect(await append(server, token, at, content.bytes, 'gzip')).toMatchObject({ status: 400 })
  const cut = zlib.gzipSync(content.bytes).subarray(0, 3000)
  expect(await append(server, token, at, cut, 'gzip')).toMatchObject({ status: 400 })
})

test('no name of a file leads out of the folder of its delivery', async () => {
  await using upload = await announced()
  const { server, token, at, harness } = upload
  const evil = [
    '..%2f..%2fevil.sorted.csv',
    '%2e%2e%2fevil.sorted.csv',
    '%2fetc%2fevil.sorted.csv',
    'Person.sorted.csv%00',
    'Person.sorted.csv%0a',
    '..%5cevil.sorted.csv',
    '.hidden.sorted.csv',
    'manifest.json',
    `${'a'.repeat(300)}.sorted.csv`,
    'Person.sorted.csv%2f..%2fx',
    '%ff%fe',
    '%',
  ]
  for (const file of evil) {
    const { status, body } = await append(server, token, { ...at, file }, 'x')
    expect([400, 404], file).toContain(status)
    expect(body, file).toMatchObject({ code: expect.stringMatching(/^SLUICE-SERVER-0[34]$/) })
  }
  for (const delivery of ['..', '..%2f..', 'x', `${at.delivery}%2f..`]) {
    expect([400, 404]).toContain((await append(server, token, { ...at, delivery }, 'x')).status)
  }
  const inbox = harness.configuration.server.inbox
  const arrived = existsSync(join(inbox, at.delivery)) ? readdirSync(join(inbox, at.delivery)) : []
  expect(arrived).toEqual([])
})

test('a delivery that was never announced takes no file, one that is over takes none either and says no harm', async () => {
  await using harness = await createServerHarness()
  const server = await harness.serve()
  const token = harness.secrets.agent
  const never = { delivery: randomUUID(), file: 'Person.sorted.csv' }
  expect(await append(server, token, never, 'x')).toMatchObject({ status: 404 })
  const { id } = await deliver(server, token, 'hr', ['ada'])
  await decided(server, token, id)
  const late = await append(server, token, { delivery: id, file: 'Person.sorted.csv' }, randomBytes(100_000))
  expect(late.status).toBe(200)
})

test('memory stays flat while a large file arrives', async () => {
  await using upload = await announced()
  const { server, token, at } = upload
  const chunk = Buffer.alloc(1 << 20, 'x')
  const before = process.memoryUsage().rss
  let most = 0
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      most = Math.max(most, process.memoryUsage().rss)
      if (sent === 200) controller.close()
      else controller.enqueue(chunk)
      sent += 1
    },
  })
  expect(await append(server, token, at, body)).toMatchObject({ body: { size: 200 * chunk.length } })
  expect(most - before).toBeLessThan(150 * 1024 * 1024)
})
