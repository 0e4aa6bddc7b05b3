import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { twoSources } from '../../../engine/test/companies.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'
import { openSynchronizer } from '../synchronize/open-synchronizer.ts'
import type { Synchronizer } from '../synchronize/synchronizer.ts'

const fileName = 'Unit.sorted.csv'
const text = 'c,name,h\nX,Ideas,\nY,Sales,\n'

async function* pieces(...parts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield Buffer.from(part)
  }
}

function declared(content: string) {
  const bytes = Buffer.from(content)
  return { name: fileName, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function manifestOf(content: string): Manifest {
  const rows = content.split('\n').length - 2
  const file: PreparedFile = {
    ...declared(content),
    mapping: 'Unit',
    kind: 'sorted',
    columns: ['c', 'name', 'h'],
    rows,
    read: rows,
    rejected: 0,
    nullKey: 0,
    duplicate: 0,
    noLink: 0,
    unchanged: 0,
    deleted: 0,
  }
  return { files: [file], timings: { export: 0, prepare: 0 }, notes: [] }
}

interface Server {
  readonly engine: Synchronizer
  readonly inbox: Synchronizer['inbox']
  readonly folder: string
}

/** A server on the harness's repository, with an inbox folder of its own unless one is given. */
async function openServer(
  harness: EngineHarness,
  of: { folder?: string; deliverySize?: number } = {},
): Promise<Server> {
  const folder = of.folder ?? (await mkdtemp(join(tmpdir(), 'sluice-inbox-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { repository, configuration } = harness
  const engine = openSynchronizer({ repository, configuration, inbox: { ...of, folder } })
  return { engine, inbox: engine.inbox, folder }
}

async function announce({ inbox }: Pick<Server, 'inbox'>, files?: readonly ReturnType<typeof declared>[]) {
  const id = randomUUID()
  const known = files === undefined ? {} : { files: [...files] }
  await inbox.announce({ id, source: 'sites', mode: 'complete', ...known })
  return id
}

describeWithEngine(
  'the inbox of a server',
  (harness) => {
    test('takes a file in pieces, over several servers, and applies it', async () => {
      await harness.begin(twoSources)
      const here = await openServer(harness)
      const there = await openServer(harness, { folder: here.folder })
      const id = await announce(here)
      expect(await here.inbox.append(id, fileName, { offset: 0, content: pieces('c,na', 'me,h\n') })).toBe(9)
      expect(await there.inbox.append(id, fileName, { offset: 9, content: pieces('X,Ideas,\n') })).toBe(18)
      expect(await here.inbox.append(id, fileName, { offset: 18, content: pieces('Y,Sales,\n') })).toBe(27)
      expect(await there.inbox.received(id, fileName)).toBe(27)
      expect(await here.inbox.seal(id, manifestOf(text))).toMatchObject({ state: 'ready' })
      expect(await there.engine.synchronize('sites')).toMatchObject([{ state: 'applied' }])
      expect(await here.inbox.append(id, fileName, { offset: 3, content: pieces('late') })).toBe(27)
      expect(await here.inbox.received(id, fileName)).toBe(27)
    })

    test('keeps what arrived before a piece broke off, and goes on from there only', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness)
      const id = await announce(server)
      const broken = pieces('c,name,h\nX,', new Error('the line went dead'))
      await expect(server.inbox.append(id, fileName, { offset: 0, content: broken })).rejects.toThrow(
        'line went dead',
      )
      expect(await server.inbox.received(id, fileName)).toBe(11)
      await expect(
        server.inbox.append(id, fileName, { offset: 8, content: pieces('?') }),
      ).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-07', details: { size: 11 } })
      await server.inbox.append(id, fileName, { offset: 11, content: pieces('Ideas,\nY,Sales,\n') })
      expect(await server.inbox.seal(id, manifestOf(text))).toMatchObject({ state: 'ready' })
    })

    test('begins a file anew at 0, and when what arrived is not what was prepared', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness)
      const id = await announce(server)
      await server.inbox.append(id, fileName, { offset: 0, content: pieces('nonsense') })
      await server.inbox.append(id, fileName, { offset: 0, content: pieces(text.replace('X', 'Z')) })
      await expect(server.inbox.seal(id, manifestOf(text))).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-03',
        details: { file: fileName },
      })
      expect(await server.inbox.received(id, fileName)).toBe(0)
      await server.inbox.append(id, fileName, { offset: 0, content: pieces(text) })
      expect(await server.inbox.seal(id, manifestOf(text))).toMatchObject({ state: 'ready' })
    })

    test('reads a file again that another writer wrote after it had arrived', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness)
      const id = await announce(server)
      await server.inbox.append(id, fileName, { offset: 0, content: pieces(text) })
      await writeFile(join(server.folder, id, fileName), text.replace('Sales', 'Slaes'))
      await expect(server.inbox.seal(id, manifestOf(text))).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-03',
      })
    })

    test('lets one request at a time write to a file', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness)
      const id = await announce(server)
      const gate = Promise.withResolvers<void>()
      async function* slow() {
        yield Buffer.from('c,name,h\n')
        await gate.promise
        yield Buffer.from('X,Ideas,\nY,Sales,\n')
      }
      const first = server.inbox.append(id, fileName, { offset: 0, content: slow() })
      await expect.poll(() => server.inbox.received(id, fileName)).toBe(9)
      await expect(
        server.inbox.append(id, fileName, { offset: 9, content: pieces('?') }),
      ).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-08' })
      await expect(server.inbox.seal(id, manifestOf(text))).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-08',
      })
      gate.resolve()
      expect(await first).toBe(27)
    })

    test('takes no more than was announced, and no more than a delivery may have', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness, { deliverySize: 100 })
      const tooLarge = { code: 'SLUICE-RECEIVE-09' }
      await expect(announce(server, [{ ...declared(text), size: 101 }])).rejects.toMatchObject(tooLarge)
      const id = await announce(server, [declared(text)])
      const more = { offset: 0, content: pieces(text, 'Z,More\n') }
      await expect(server.inbox.append(id, fileName, more)).rejects.toMatchObject(tooLarge)
      expect(await server.inbox.received(id, fileName)).toBe(27)
      const other = { offset: 0, content: pieces('x'.repeat(70), 'y'.repeat(10)) }
      await expect(server.inbox.append(id, 'Site.sorted.csv', other)).rejects.toMatchObject(tooLarge)
      expect(await server.inbox.received(id, 'Site.sorted.csv')).toBe(70)
      const limited = { offset: 70, content: pieces('z'), limit: 97 }
      await expect(server.inbox.append(id, 'Site.sorted.csv', limited)).rejects.toMatchObject(tooLarge)
    })

    test('writes nowhere but into files of the delivery', async () => {
      await harness.begin(twoSources)
      const server = await openServer(harness)
      const id = await announce(server)
      const unsafe = { code: 'SLUICE-RECEIVE-11' }
      for (const name of [
        '../x.sorted.csv',
        '/etc/passwd',
        '.sorted.csv',
        'a/b.sorted.csv',
        'inbox.json',
        '',
      ]) {
        const bytes = { offset: 0, content: pieces('x') }
        await expect(server.inbox.append(id, name, bytes)).rejects.toMatchObject(unsafe)
      }
      const outside = join(server.folder, 'outside')
      await writeFile(outside, 'untouched')
      await mkdir(join(server.folder, id))
      await symlink(outside, join(server.folder, id, fileName))
      await expect(
        server.inbox.append(id, fileName, { offset: 9, content: pieces('x') }),
      ).rejects.toMatchObject(unsafe)
      const second = await announce(server)
      await symlink(tmpdir(), join(server.folder, second))
      await expect(
        server.inbox.append(second, fileName, { offset: 0, content: pieces('x') }),
      ).rejects.toMatchObject(unsafe)
      expect(await readFile(outside, 'utf8')).toBe('untouched')
    })

    test('refuses an id that is announced for something else', async () => {
      await harness.begin(twoSources)
      const { inbox } = await openServer(harness)
      const first = { id: randomUUID(), source: 'sites', mode: 'complete' } as const
      await inbox.announce(first)
      expect(await inbox.announce({ ...first, files: [declared(text)] })).toMatchObject({
        state: 'announced',
      })
      const differs = { code: 'SLUICE-RECEIVE-10' }
      await expect(inbox.announce({ ...first, source: 'hr' })).rejects.toMatchObject(differs)
      await expect(inbox.announce({ ...first, mode: 'initial' })).rejects.toMatchObject(differs)
      await expect(inbox.announce({ ...first, base: randomUUID() })).rejects.toMatchObject(differs)
    })

    test('gives up what was announced and never came, and says so among the runs', async () => {
      await harness.begin(twoSources)
      const { engine, inbox } = await openServer(harness)
      const forgotten = await announce({ inbox })
      await inbox.append(forgotten, fileName, { offset: 0, content: pieces('c,name\n') })
      await harness.execute(`update sluice_delivery set touched_at = now() - interval '2 hours'`)
      const alive = await announce({ inbox })
      expect(await engine.expireDeliveries(3_600_000)).toBe(1)
      expect(await inbox.status(forgotten)).toMatchObject({ state: 'cancelled' })
      expect(await inbox.status(alive)).toMatchObject({ state: 'announced' })
      expect(await inbox.received(forgotten, fileName)).toBe(0)
      const [run] = await harness.repository.runs()
      expect(run).toMatchObject({
        delivery: forgotten,
        state: 'failed',
        error: { code: 'SLUICE-RECEIVE-14' },
      })
    })
  },
  servers,
)

describeWithEngine('the inbox folder', (harness) => {
  test('is one for all servers of a repository while deliveries wait in it', async () => {
    await harness.begin(twoSources)
    const first = await openServer(harness)
    await first.inbox.claim()
    const second = await openServer(harness, { folder: first.folder })
    await second.inbox.claim()
    const id = await announce(second)
    const elsewhere = await openServer(harness)
    await expect(elsewhere.inbox.claim()).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-12' })
    await first.inbox.giveUp(id, 'cancelled', 'for the test')
    await elsewhere.inbox.claim()
    await expect(announce(first)).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-12' })
    expect(await elsewhere.inbox.status(await announce(elsewhere))).toMatchObject({ state: 'announced' })
  })

  test('of a server keeps whoever has another one from its deliveries', async () => {
    await harness.begin(twoSources)
    const server = await openServer(harness)
    await server.inbox.claim()
    const id = await announce(server)
    await server.inbox.append(id, fileName, { offset: 0, content: pieces(text) })
    await server.inbox.seal(id, manifestOf(text))
    const elsewhere = { code: 'SLUICE-RECEIVE-12' }
    await expect(announce(harness.engine)).rejects.toMatchObject(elsewhere)
    await expect(harness.engine.synchronize('sites')).rejects.toMatchObject(elsewhere)
    await expect(harness.engine.giveUpWaiting('sites', 'for the test')).rejects.toMatchObject(elsewhere)
    expect(await server.engine.synchronize('sites')).toMatchObject([{ state: 'applied' }])
  })

  test('is not taken from another repository whose deliveries are in it', async () => {
    await harness.begin(twoSources)
    const first = await openServer(harness)
    await first.inbox.claim()
    await first.inbox.append(await announce(first), fileName, { offset: 0, content: pieces('c') })
    await harness.begin(twoSources)
    const stranger = await openServer(harness, { folder: first.folder })
    await expect(stranger.inbox.claim()).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-12' })
  })
})
