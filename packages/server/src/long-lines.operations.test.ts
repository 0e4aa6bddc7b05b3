/**
 * Delivered files that are one endless line, a few hundred kB on the wire: each is refused, and its server goes on.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import type { RepositoryLocation } from '@sluice/model'
import { type Manifest, routes } from '@sluice/protocol'
import { openRepository, openTokenStore } from '@sluice/repository'
import { expect, test } from 'vitest'
import { type DatabaseKind, testLocation } from '../../../test/databases.ts'
import { thorough } from '../../../test/thoroughness.ts'
import { append, clientOf, configurationIn, contentOf, decided, deliver } from '../test/server-harness.ts'
import { type ServerProcess, spawnServer } from '../test/server-process.ts'

/** Rows may have 10 MB, or 130 as where nothing is configured. */
const [megabytes, settings] = thorough ? [600, ''] : [48, 'prepare: { maximumFieldSize: 1MB }']
/** Whatever the lines are, a server takes no more; PGlite alone has 700 when it is opened. */
const growth = 250

interface LongFile {
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly gzip: Uint8Array<ArrayBuffer>
}

/** Some text, and behind it one character, over and over. */
async function longFile(name: string, start: string, filling: string): Promise<LongFile> {
  const hash = createHash('sha256')
  let size = 0
  const chunks = function* () {
    for (let at = 0; at <= megabytes; at += 1) {
      const chunk = Buffer.from(at === 0 ? start : filling.repeat(1 << 20))
      hash.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  const gzip = Uint8Array.from(await buffer(Readable.from(chunks()).pipe(createGzip({ level: 1 }))))
  return { name, size, sha256: hash.digest('hex'), gzip }
}

const deliveries: readonly (readonly [string, string, () => Promise<LongFile>])[] = [
  ['rejected.jsonl', 'SLUICE-RECEIVE-03', () => longFile('rejected.jsonl', '{"text":"', 'x')],
  ['a line', 'SLUICE-RECEIVE-21', () => longFile('Person.sorted.csv', 'number,name\n1,Ann\n2,', 'x')],
  [
    'a field of line feeds',
    'SLUICE-RECEIVE-21',
    () => longFile('Person.sorted.csv', 'number,name\n1,"', '\n'),
  ],
  ['a field of quotes', 'SLUICE-RECEIVE-21', () => longFile('Person.sorted.csv', 'number,name\n1,"', '"')],
]

function manifestWith({ name, size, sha256 }: LongFile, manifest: Manifest): Manifest {
  if (name === 'rejected.jsonl') {
    // As many as the files count.
    const files = manifest.files.map((file) => ({ ...file, read: file.read + 1, rejected: 1 }))
    return { ...manifest, files, rejections: { name, size, sha256, rows: 1 } }
  }
  return { ...manifest, files: manifest.files.map((file) => ({ ...file, size, sha256 })) }
}

async function deliverLong(server: ServerProcess, token: string, file: LongFile): Promise<string> {
  const client = clientOf(server, token)
  const delivery = randomUUID()
  const { name, bytes, manifest } = contentOf('hr', ['ada'])
  await client.call(routes.announce, { params: { delivery }, body: { source: 'hr', mode: 'complete' } })
  await append(server, token, { delivery, file: name }, new Uint8Array(bytes))
  await append(server, token, { delivery, file: file.name }, file.gzip, 'gzip')
  await client.call(routes.seal, { params: { delivery }, body: manifestWith(file, manifest) })
  return delivery
}

async function peakMemory({ pid }: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

test.each(['postgres-18', 'pglite'] as const satisfies DatabaseKind[])(
  '%s: a file that is one endless line is refused with its line, in memory that does not grow, and the server goes on',
  async (kind) => {
    await using place = await testLocation(kind)
    const folder = await mkdtemp(join(tmpdir(), 'sluice-long-'))
    await using opened = new AsyncDisposableStack()
    opened.defer(() => rm(folder, { recursive: true, force: true }))
    const token = await tokenOf(place.location, folder)
    const server = opened.use(await spawnServer(place.location, folder, settings))
    const first = await deliver(server, token, 'hr', ['ada'])
    expect(await decided(server, token, first.id)).toMatchObject({ state: 'applied' })
    const before = await peakMemory(server)
    for (const [what, code, make] of deliveries) {
      const id = await deliverLong(server, token, await make())
      const { state, run } = await decided(server, token, id)
      const report = await clientOf(server, token).call(routes.run, { params: { run: run ?? 0 } })
      expect([what, state, report.error]).toMatchObject([
        what,
        'failed',
        { code, message: expect.stringMatching(/line \d/) },
      ])
    }
    expect((await peakMemory(server)) - before).toBeLessThan(growth)
    const last = await deliver(server, token, 'hr', ['ada', 'grace'])
    expect(await decided(server, token, last.id)).toMatchObject({ state: 'applied' })
  },
  300_000,
)

async function tokenOf(location: RepositoryLocation, folder: string): Promise<string> {
  await using repository = await openRepository(location)
  await repository.evolve({ ...configurationIn(folder), repository: location })
  const token = { name: 'admin', role: 'admin' as const, sources: [] }
  return (await openTokenStore(repository.database).create(token, 'test', ['hr'])).secret
}
