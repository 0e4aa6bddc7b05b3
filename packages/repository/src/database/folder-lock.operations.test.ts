import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

async function testFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-lock-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

interface Contender extends AsyncDisposable {
  readonly process: ChildProcess
  /** Lets it try, and returns what it says. */
  tryLock(): Promise<string | undefined>
}

/** A process that has started and waits for the word to take the lock. */
async function contender(folder: string): Promise<Contender> {
  const child = spawn(
    process.execPath,
    [new URL('../../test/lock-folder.ts', import.meta.url).pathname, folder],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value
  expect(await next()).toBe('ready')
  return {
    process: child,
    tryLock: () => {
      child.stdin.write('go\n')
      return next()
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await ended
    },
  }
}

test('names the process that holds the folder, and since when', async () => {
  await using folder = await testFolder()
  await using lock = await lockFolder(folder.path)
  await expect(lockFolder(folder.path)).rejects.toMatchObject({
    code: 'SLUICE-REPOSITORY-04',
    message: expect.stringMatching(
      new RegExp(
        `^The repository ${folder.path} is in use by process ${process.pid} \\(.+\\) since 20.+Z\\.$`,
      ),
    ),
  })
  expect(lock.path).toBe(join(folder.path, 'lock.1'))
})

test('leaves nothing behind when it is released', async () => {
  await using folder = await testFolder()
  const lock = await lockFolder(folder.path)
  await lock[Symbol.asyncDispose]()
  expect(await readdir(folder.path)).toEqual([])
})

test('keeps another process out until the first one lets go', async () => {
  await using folder = await testFolder()
  await using first = await contender(folder.path)
  await using second = await contender(folder.path)
  await using third = await contender(folder.path)
  expect(await first.tryLock()).toBe('locked')
  expect(await second.tryLock()).toBe('SLUICE-REPOSITORY-04')
  await first[Symbol.asyncDispose]()
  expect(await third.tryLock()).toBe('locked')
})

test('takes over from a process that was killed, and clears its lock away', async () => {
  await using folder = await testFolder()
  await using holder = await contender(folder.path)
  expect(await holder.tryLock()).toBe('locked')
  const died = new Promise<void>((resolve) => holder.process.once('exit', () => resolve()))
  holder.process.kill('SIGKILL')
  await died
  await using _lock = await lockFolder(folder.path)
  expect(await readdir(folder.path)).toEqual(['lock.2'])
})

test('lets exactly one of several in that find a dead lock at the same moment', async () => {
  for (let round = 0; round < 5; round += 1) {
    await using folder = await testFolder()
    await writeFile(join(folder.path, 'lock.7'), await lockOf(folder.path, { pid: 2 ** 22 + 1 }))
    const contenders = await Promise.all([1, 2, 3, 4].map(() => contender(folder.path)))
    const words = await Promise.all(contenders.map((each) => each.tryLock()))
    expect(words.filter((word) => word === 'locked')).toHaveLength(1)
    expect(words.filter((word) => word === 'SLUICE-REPOSITORY-04')).toHaveLength(3)
    await Promise.all(contenders.map((each) => each[Symbol.asyncDispose]()))
  }
})

test('is not fooled by a later process with the same number', async () => {
  await using folder = await testFolder()
  await writeFile(join(folder.path, 'lock.1'), await lockOf(folder.path, { processStart: '1' }))
  await using _lock = await lockFolder(folder.path)
  expect(await readdir(folder.path)).toEqual(['lock.2'])
})

test('passes over a lock file that nobody could have written', async () => {
  await using folder = await testFolder()
  await writeFile(join(folder.path, 'lock.1'), '')
  await using _lock = await lockFolder(folder.path)
  expect(await readdir(folder.path)).toEqual(['lock.2'])
})

/** As this process writes it, but for what is changed. */
async function lockOf(folder: string, changed: Readonly<Record<string, unknown>>): Promise<string> {
  await using lock = await lockFolder(folder)
  return JSON.stringify({ ...JSON.parse(await readFile(lock.path, 'utf8')), ...changed })
}
