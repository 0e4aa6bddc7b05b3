import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasNamespaces, inContainer } from '../../../test/containers.ts'
import { checkLocks, withinLock } from './held-lock.ts'
import { encodeHolder, newHolder } from './lock-holder.ts'
import { takeLock } from './take-lock.ts'
import { writeDurably } from './write-durably.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const script = fileURLToPath(new URL('../test/lock-and-say.ts', import.meta.url))

/** Takes the lock of the folder, and writes into it when it is told to; in a container, if it has a host name. */
function lockProcess(folder: string, { host, expiry = 1500 }: { host?: string; expiry?: number } = {}) {
  return inContainer(host, [script, folder, '100', String(expiry)])
}

const times = { beat: 100, expiry: 1000 }
const locked = async (name: string) => (await takeLock(folder, `${name}.lock`, times)).kind

describe('a lock', () => {
  test('keeps others out until it is disposed, and only from the same work', async () => {
    {
      await using lock = await takeLock(folder, 'source-hr.lock')
      expect(lock).toMatchObject({ kind: 'locked' })
      const second = await takeLock(folder, 'source-hr.lock')
      const path = join(folder, 'source-hr.lock.1')
      expect(second).toMatchObject({ kind: 'busy', path, holder: { pid: process.pid } })
      expect(await locked('source-ad')).toBe('locked')
    }
    expect(await locked('source-hr')).toBe('locked')
  })

  test('goes to one of many who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder, 'job-nightly.lock')))
    expect(asked.filter(({ kind }) => kind === 'locked')).toHaveLength(1)
  })

  test.each([
    ['on', 86_400_000],
    ['back', -86_400_000],
  ])('stays with its holder when the clock is set %s by a day', async (_, by) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await using lock = await takeLock(folder, 'source-hr.lock', times)
      if (lock.kind !== 'locked') throw new Error('Nobody else has it.')
      vi.setSystemTime(Date.now() + by)
      const target = join(folder, 'written')
      await withinLock(lock.held, () => writeDurably(target, 'one'))
      expect(await locked('source-hr')).toBe('busy')
      vi.setSystemTime(Date.now() - by)
      await withinLock(lock.held, () => writeDurably(target, 'two'))
      expect(await readFile(target, 'utf8')).toBe('two')
      expect(await locked('source-hr')).toBe('busy')
    } finally {
      vi.useRealTimers()
    }
  })

  test('of a process that was killed counts for nothing, at once', async () => {
    await using holder = lockProcess(folder, { expiry: 60_000 })
    expect(await holder.next()).toBe('locked')
    await using second = lockProcess(folder)
    expect(await second.next()).toBe(`busy: process ${holder.child.pid} on ${hostname()}`)
    await holder.kill()
    await using third = lockProcess(folder, { expiry: 60_000 })
    expect(await third.next()).toBe('locked')
    expect(await readdir(folder)).toEqual(['lock.2'])
  })

  test('that was broken by hand, or is of a process that had our number before us, counts for nothing', async () => {
    await writeFile(join(folder, 'source-hr.lock.1'), 'nonsense')
    const before = { ...newHolder(), processStart: '1' }
    await writeFile(join(folder, 'source-hr.lock.2'), encodeHolder(before))
    expect(await locked('source-hr')).toBe('locked')
    expect(await readdir(folder)).toEqual(['source-hr.lock.3'])
  })

  test('of another machine is believed for as long as it gives signs of life', async () => {
    const path = join(folder, 'source-hr.lock.1')
    const holder = { ...newHolder(), host: 'elsewhere', place: 'another boot' }
    let beats = 0
    const beat = () => writeFile(path, encodeHolder({ ...holder, beatAt: `${++beats}` }))
    await beat()
    const beating = setInterval(() => void beat(), 200)
    expect(await takeLock(folder, 'source-hr.lock', times)).toMatchObject({
      kind: 'busy',
      holder: { host: 'elsewhere' },
    })
    clearInterval(beating)
    expect(await locked('source-hr')).toBe('locked')
  })

  test('that is let go while it is watched is taken at once', async () => {
    const path = join(folder, 'source-hr.lock.1')
    await writeFile(path, encodeHolder({ ...newHolder(), host: 'elsewhere' }))
    setTimeout(() => void rm(path), 300)
    const begun = performance.now()
    await using lock = await takeLock(folder, 'source-hr.lock', { beat: 100, expiry: 60_000 })
    expect(lock.kind).toBe('locked')
    expect(performance.now() - begun).toBeLessThan(30_000)
  })

  test('of a new holder is never removed by the one before it', async () => {
    const first = await takeLock(folder, 'source-hr.lock', times)
    const other = encodeHolder({ ...newHolder(), host: 'elsewhere' })
    await writeFile(join(folder, 'source-hr.lock.1'), other)
    await first[Symbol.asyncDispose]()
    expect(await readFile(join(folder, 'source-hr.lock.1'), 'utf8')).toBe(other)
  })
})

describe('whoever has lost a lock', () => {
  /** Of which nothing is believed that was not looked at just now. */
  async function doubtful() {
    const lock = await takeLock(folder, 'source-hr.lock', { beat: 60_000, expiry: 0 })
    if (lock.kind === 'busy') throw new Error('nobody has it')
    return lock
  }

  test('is told before it writes, and by every later try, and nobody else is', async () => {
    await using lock = await doubtful()
    const write = () => writeDurably(join(folder, 'note'), 'text')
    await withinLock(lock.held, write)
    await writeFile(join(folder, 'source-hr.lock.2'), encodeHolder(newHolder()))
    for (let tries = 0; tries < 2; tries += 1)
      await expect(withinLock(lock.held, write)).rejects.toMatchObject({ code: 'SLUICE-LOCK-02' })
    await write()
  })

  test('has not lost it to one who looked too early and steps back', async () => {
    await using lock = await doubtful()
    const early = join(folder, 'source-hr.lock.2')
    await writeFile(early, encodeHolder(newHolder()))
    const script = `setTimeout(() => require('node:fs').rmSync(${JSON.stringify(early)}), 50)`
    const stepsBack = spawn(process.execPath, ['-e', `${script}; console.log('on it')`])
    await once(stepsBack.stdout, 'data')
    await withinLock(lock.held, async () => checkLocks())
  })
})

describe('a lock file that cannot be written', () => {
  test('is named with the reason', async () => {
    // No right is denied to root, but nobody makes files among the processes.
    const forbidden = process.getuid?.() === 0 ? '/proc/self' : folder
    await chmod(folder, 0o500)
    await expect(takeLock(forbidden, 'lock')).rejects.toMatchObject({ code: 'SLUICE-LOCK-01' })
    await chmod(folder, 0o700)
  })

  test('because its folder is none is named with the reason', async () => {
    await writeFile(join(folder, 'locks'), '')
    await expect(takeLock(join(folder, 'locks'), 'lock')).rejects.toMatchObject({
      code: 'SLUICE-LOCK-01',
      message: expect.stringContaining(join(folder, 'locks')),
    })
  })
})

describe.skipIf(!hasNamespaces)('two containers over one folder', () => {
  // Of one image, they have one host name, and each of their processes the same number.
  test.each([
    ['one', 'one'],
    ['one', 'two'],
  ])('of hosts %s and %s never both have it', async (first, second) => {
    await using holder = lockProcess(folder, { host: first })
    expect(await holder.next()).toBe('locked')
    await using other = lockProcess(folder, { host: second })
    expect(await other.next()).toMatch(new RegExp(`^busy: process \\d+ on ${first}$`))
    await holder.kill()
    await using third = lockProcess(folder, { host: second })
    expect(await third.next()).toMatch(
      /waits: .*lock\.1 is locked by process \d+ .* it is taken over in 2 seconds/,
    )
    expect(await third.next()).toBe('locked')
  })

  test('let one of several have what a killed one has left', async () => {
    await using holder = lockProcess(folder, { host: 'gone' })
    expect(await holder.next()).toBe('locked')
    await holder.kill()
    await using several = new AsyncDisposableStack()
    const contenders = ['a', 'b', 'c'].map((host) => several.use(lockProcess(folder, { host })))
    const words = await Promise.all(
      contenders.map(async (one) => {
        for (;;) {
          const word = await one.next()
          if (!word.startsWith('waits')) return word
        }
      }),
    )
    expect(words.filter((word) => word === 'locked')).toHaveLength(1)
    expect(words.filter((word) => word.startsWith('busy'))).toHaveLength(2)
  })

  test('of which one is paused until the other has taken over: it notices before it writes', async () => {
    await using holder = lockProcess(folder, { host: 'one' })
    expect(await holder.next()).toBe('locked')
    expect(await holder.ask('mine')).toBe('written')
    holder.pause()
    await using other = lockProcess(folder, { host: 'two' })
    expect(await other.next()).toContain('waits')
    expect(await other.next()).toBe('locked')
    expect(await other.ask('the other one’s')).toBe('written')
    holder.wake()
    expect(await holder.ask('mine again')).toBe('SLUICE-LOCK-02')
    expect(await readFile(join(folder, 'note'), 'utf8')).toBe('the other one’s')
    expect(await other.ask('still')).toBe('written')
  })
})
