import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLock } from './take-lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const locked = async (name: string) => (await takeLock(folder, `${name}.lock`)).kind

describe('a lock', () => {
  test('keeps others out until it is disposed, and only from the same work', async () => {
    {
      await using lock = await takeLock(folder, 'source-hr.lock')
      expect(lock).toMatchObject({ kind: 'locked' })
      expect(await takeLock(folder, 'source-hr.lock')).toMatchObject({
        kind: 'busy',
        holder: { pid: process.pid },
      })
      expect(await locked('source-ad')).toBe('locked')
    }
    expect(await locked('source-hr')).toBe('locked')
  })

  test('goes to one of many who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder, 'job-nightly.lock')))
    expect(asked.filter(({ kind }) => kind === 'locked')).toHaveLength(1)
  })

  test('of a process that was killed counts for nothing', async () => {
    const module = fileURLToPath(new URL('./take-lock.ts', import.meta.url))
    const script = `
      const { takeLock } = await import(${JSON.stringify(module)})
      console.log((await takeLock(${JSON.stringify(folder)}, 'source-hr.lock')).kind)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    await once(child.stdout, 'data')
    expect(await takeLock(folder, 'source-hr.lock')).toMatchObject({
      kind: 'busy',
      holder: { pid: child.pid },
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await locked('source-hr')).toBe('locked')
    expect(await readdir(folder)).toEqual(['source-hr.lock.2'])
  })

  test('that was broken by hand, or is of a process that had our number before us, counts for nothing', async () => {
    await writeFile(join(folder, 'source-hr.lock.1'), 'nonsense')
    const holder = { pid: process.pid, host: (await import('node:os')).hostname(), command: 'sluice' }
    const before = { ...holder, startedAt: '', processStart: 'another boot 1' }
    await writeFile(join(folder, 'source-hr.lock.2'), JSON.stringify(before))
    expect(await locked('source-hr')).toBe(process.platform === 'linux' ? 'locked' : 'busy')
  })
})
