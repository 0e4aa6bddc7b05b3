/**
 * The inbox over HTTP before a real server, with a network in between that breaks wherever it can.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import type { AgentSettings } from '@sluice/model'
import { type Manifest, RemoteError, UnreachableServerError } from '@sluice/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServerHarness, type ServerHarness } from '../../../server/test/server-harness.ts'
import { type Fault, type FaultyProxy, faultyProxy, type PassedRequest } from '../../test/faulty-proxy.ts'
import { chooseCompression } from './compression.ts'
import { deliver } from './deliver.ts'
import { HttpInbox } from './http-inbox.ts'
import { ServerLink } from './server-link.ts'
import { deliveryAt, uploadFile } from './upload-file.ts'

let harness: ServerHarness
let server: string
let folder: string

beforeAll(async () => {
  harness = await createServerHarness()
  server = (await harness.serve({}, { synchronizes: false })).url
  folder = await mkdtemp(join(tmpdir(), 'sluice-http-'))
})

afterAll(async () => {
  await harness[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const settings = { retryFor: 20_000, compression: 'none' as const }
const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** A file of rows as prepare writes them, of random content that compresses badly. */
async function fileOf(size: number) {
  const name = 'Person.sorted.csv'
  const path = join(folder, name)
  const bytes = Buffer.from(randomBytes(size / 2).toString('hex'))
  await writeFile(path, bytes)
  return { name, path, size: bytes.length, sha256: sum(bytes), bytes }
}

function manifestOf(file: { name: string; size: number; sha256: string }): Manifest {
  const counts = { rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0, deleted: 0 }
  return {
    files: [
      {
        ...{ name: file.name, size: file.size, sha256: file.sha256 },
        mapping: 'Person',
        kind: 'sorted',
        columns: ['number', 'name'],
        rows: 1,
        read: 1,
        ...counts,
      },
    ],
    timings: { export: 0, prepare: 0 },
    notes: [],
  }
}

async function through(faultOf: (request: PassedRequest) => Fault = () => 'none', piece?: number) {
  const proxy = await faultyProxy(server, faultOf)
  const link = await ServerLink.open({ server: proxy.url, token: harness.secrets.agent, piece })
  return {
    proxy,
    link,
    inbox: new HttpInbox(link, settings),
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

const received = (id: string, name: string) => readFile(join(harness.configuration.server.inbox, id, name))
const patches = ({ passed }: FaultyProxy) => passed.filter(({ method }) => method === 'PATCH')

describe('an upload', () => {
  const cuts = [0, 1, 70_000, 1_000_000, 1_999_999]
  test.each(cuts)('that breaks off after %i bytes goes on where the server is', async (cutAfter) => {
    let broken = false
    await using at = await through(({ method }) => {
      if (method !== 'PATCH' || broken) return 'none'
      broken = true
      return { cutAfter }
    })
    const id = randomUUID()
    const file = await fileOf(2_000_000)
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    const reported: number[] = []
    await uploadFile(deliveryAt(at.link, id), { ...file, onBytes: (bytes) => reported.push(bytes) }, settings)
    expect(sum(await received(id, file.name))).toBe(file.sha256)
    expect(reported.at(-1)).toBe(file.size)
    expect(patches(at.proxy)).toHaveLength(2)
    // What had arrived was not sent again, but for what was under way.
    expect(at.proxy.bytes).toBeLessThan(file.size + 600_000)
  })

  test('in pieces ends whole, whichever of them breaks', async () => {
    const file = await fileOf(500_000)
    for (const broken of [0, 1, 2, 3, 4]) {
      let count = 0
      await using at = await through(({ method }) => {
        if (method !== 'PATCH') return 'none'
        count += 1
        return count - 1 === broken ? { cutAfter: 30_000 } : 'none'
      }, 100_000)
      const id = randomUUID()
      await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
      await uploadFile(deliveryAt(at.link, id), file, settings)
      expect(sum(await received(id, file.name))).toBe(file.sha256)
    }
  })

  const compressions: readonly AgentSettings['compression'][] = ['none', 'gzip', 'brotli', 'zstd']
  test.each(compressions)(
    'with compression %s arrives as it was, and goes on after a break',
    async (compression) => {
      let broken = false
      await using at = await through(({ method }) => {
        if (method !== 'PATCH' || broken) return 'none'
        broken = true
        return { cutAfter: 400_000 }
      })
      const id = randomUUID()
      const file = await fileOf(2_000_000)
      await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
      await uploadFile(deliveryAt(at.link, id), file, { ...settings, compression })
      expect(sum(await received(id, file.name))).toBe(file.sha256)
    },
  )

  test('of nothing leaves an empty file, and one that is there already is not sent again', async () => {
    await using at = await through()
    const id = randomUUID()
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    const empty = { ...(await fileOf(0)), name: 'Account.sorted.csv' }
    await uploadFile(deliveryAt(at.link, id), empty, settings)
    expect((await received(id, empty.name)).length).toBe(0)
    const file = await fileOf(1000)
    await uploadFile(deliveryAt(at.link, id), file, settings)
    const before = at.proxy.passed.length
    await uploadFile(deliveryAt(at.link, id), file, settings)
    expect(at.proxy.passed.slice(before).map(({ method }) => method)).toEqual(['GET'])
  })

  test('of a file that was prepared anew and is shorter begins anew', async () => {
    await using at = await through()
    const id = randomUUID()
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    await uploadFile(deliveryAt(at.link, id), await fileOf(2000), settings)
    const file = await fileOf(1000)
    await uploadFile(deliveryAt(at.link, id), file, settings)
    expect(sum(await received(id, file.name))).toBe(file.sha256)
  })

  test('stops when it is asked to', async () => {
    await using at = await through(({ method }) => (method === 'PATCH' ? 'lose request' : 'none'))
    const id = randomUUID()
    const stop = new AbortController()
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    const file = await fileOf(1000)
    setTimeout(() => stop.abort(), 100)
    await expect(
      uploadFile(deliveryAt(at.link, id), { ...file, signal: stop.signal }, settings),
    ).rejects.toThrow('abort')
  })
})

describe('a delivery', () => {
  async function delivered(faultOf: (request: PassedRequest) => Fault) {
    await using at = await through(faultOf)
    const id = randomUUID()
    const file = await fileOf(100_000)
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    const prepared = { folder, manifest: manifestOf(file), references: [] }
    const { state } = await deliver({ inbox: at.inbox, deliveryId: id, prepared })
    const found = await received(id, file.name)
    return { state, whole: sum(found) === file.sha256, passed: at.proxy.passed }
  }

  test('gets through whichever of its requests is lost, and whichever of its answers', async () => {
    const { passed } = await delivered(() => 'none')
    expect(passed.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET', 'PATCH', 'PUT'])
    for (const fault of ['lose request', 'lose answer'] as const) {
      for (const lost of passed.keys()) {
        const again = await delivered(({ index }) => (index === lost ? fault : 'none'))
        expect({ fault, lost, ...again }).toMatchObject({ state: 'ready', whole: true })
        expect(again.passed.length).toBeGreaterThan(passed.length)
      }
    }
  })

  test('sends a file again that was damaged on its way', async () => {
    let flipped = false
    const { state, whole } = await delivered(({ method }) => {
      if (method !== 'PATCH' || flipped) return 'none'
      flipped = true
      return { flipAt: 5000 }
    })
    expect({ state, whole }).toEqual({ state: 'ready', whole: true })
  })

  test('names the file that is damaged here', async () => {
    await using at = await through()
    const id = randomUUID()
    const file = await fileOf(1000)
    const manifest = manifestOf(file)
    await writeFile(file.path, 'x'.repeat(1000))
    await at.inbox.announce({ id, source: 'hr', mode: 'complete' })
    await expect(
      deliver({ inbox: at.inbox, deliveryId: id, prepared: { folder, manifest, references: [] } }),
    ).rejects.toMatchObject({ code: 'SLUICE-DELIVER-04', message: expect.stringContaining(file.path) })
  })
})

describe('a request', () => {
  /** A server that answers with these statuses, one after the other, then with the chain of a source. */
  async function answering(statuses: readonly number[], headers: Readonly<Record<string, string>> = {}) {
    const asked: number[] = []
    const chain = {
      appliedDelivery: null,
      lastDelivery: null,
      heldRun: null,
      asideDelivery: null,
      holdsResources: false,
    }
    const http = createServer((_request, answer) => {
      const status = statuses[asked.length] ?? 200
      asked.push(performance.now())
      answer.writeHead(status, headers)
      answer.end(JSON.stringify({ ...chain, name: 'hr', description: null, waiting: 0, lastRun: null }))
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    const link = await ServerLink.open({ server: `http://127.0.0.1:${port}` })
    return {
      asked,
      link,
      async [Symbol.asyncDispose]() {
        await link[Symbol.asyncDispose]()
        http.closeAllConnections()
        http.close()
      },
    }
  }

  test('is repeated where the server could not answer it, no sooner than it says', async () => {
    await using at = await answering([503, 429], { 'retry-after': '1' })
    expect(await new HttpInbox(at.link, settings).chain('hr')).toMatchObject({ heldRun: null })
    expect(at.asked).toHaveLength(3)
    expect((at.asked[1] ?? 0) - (at.asked[0] ?? 0)).toBeGreaterThan(950)
  })

  test('is not repeated where the server says no', async () => {
    await using at = await answering([409])
    await expect(new HttpInbox(at.link, settings).chain('hr')).rejects.toThrow(RemoteError)
    expect(at.asked).toHaveLength(1)
  })

  test('that is not answered ends a second after it is asked to stop waiting', async () => {
    const http = createServer(() => undefined)
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    await using link = await ServerLink.open({ server: `http://127.0.0.1:${port}` })
    const stop = new AbortController()
    const began = performance.now()
    setTimeout(() => stop.abort(), 100)
    const inbox = new HttpInbox(link, { ...settings, stop: stop.signal })
    await expect(inbox.chain('hr')).rejects.toThrow('had not answered when waiting for it was interrupted')
    expect(performance.now() - began).toBeLessThan(2000)
    http.closeAllConnections()
    http.close()
  })

  test('to nobody ends with the address and the reason when its time is over', async () => {
    await using link = await ServerLink.open({ server: 'http://127.0.0.1:9' })
    const inbox = new HttpInbox(link, { ...settings, retryFor: 300 })
    await expect(inbox.chain('hr')).rejects.toThrow(UnreachableServerError)
  })
})

describe('compression', () => {
  const far = 'https://cmdb.example.org'
  test('is what both sides have, and none inside this machine', () => {
    const best = 'createZstdCompress' in zlib ? 'zstd' : 'br'
    expect(chooseCompression('auto', 'http://127.0.0.1:8620', 'gzip, br, zstd')).toBeUndefined()
    expect(chooseCompression('auto', far, 'gzip, br, zstd')?.encoding).toBe(best)
    expect(chooseCompression('auto', far, undefined)?.encoding).toBe('br')
    expect(chooseCompression('zstd', far, 'gzip')?.encoding).toBe('gzip')
    expect(chooseCompression('brotli', far, 'identity')).toBeUndefined()
    expect(chooseCompression('none', far, 'gzip, br, zstd')).toBeUndefined()
  })
})
