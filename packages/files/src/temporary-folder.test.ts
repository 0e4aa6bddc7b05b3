import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asFileFailure } from './file-failure.ts'
import { setTemporaryFallback, TemporaryFolder } from './temporary-folder.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sluice-temporary-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(scratch, { recursive: true, force: true })
})

test('a folder for a moment lies where the system has its own, and is gone afterwards', async () => {
  vi.stubEnv('TMPDIR', scratch)
  const folder = new TemporaryFolder('sluice-x-')
  expect(await folder.path()).toMatch(`${scratch}/sluice-x-`)
  await folder[Symbol.asyncDispose]()
  expect(readdirSync(scratch)).toEqual([])
})

// Windows takes another variable.
test.skipIf(process.platform === 'win32')(
  'where the system has no place it lies in the work folder, and where that has none either, the place of the system is named',
  async () => {
    vi.stubEnv('TMPDIR', '/dev/null/nowhere')
    const work = join(scratch, 'work')
    setTemporaryFallback(work)
    const folder = new TemporaryFolder('sluice-x-')
    expect(await folder.path()).toMatch(`${work}/plan-sluice-x-`)
    await folder[Symbol.asyncDispose]()
    expect(existsSync(work)).toBe(true)
    expect(readdirSync(work)).toEqual([])

    setTemporaryFallback('/dev/null/nowhere/either')
    const error = await new TemporaryFolder('sluice-x-')
      .path()
      .catch((thrown: unknown) => asFileFailure(thrown))
    expect(error).toMatchObject({ message: expect.stringContaining('/dev/null/nowhere/sluice-x-') })
  },
)
