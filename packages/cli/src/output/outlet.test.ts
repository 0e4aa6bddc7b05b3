import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Outlet } from './outlet.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-outlet-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A stream into a file of which the disk is full at the first write, as Node's own of standard error: it takes nothing more then. */
function failing(code: string, fd?: number) {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`${code}: write`), { code, syscall: 'write' }))
    },
  })
  return Object.assign(stream, fd === undefined ? {} : { fd })
}

test('a log goes on when there is room again, and says what is missing', async () => {
  const path = join(folder, 'log')
  const fd = openSync(path, 'w')
  const outlet = new Outlet(failing('ENOSPC', fd), { color: false, skips: true })
  expect(await outlet.write('one\n')).toBe(false)
  expect(await outlet.write('two\n')).toBe(true)
  expect(await outlet.write('three\n')).toBe(true)
  closeSync(fd)
  expect(readFileSync(path, 'utf8')).toBe('1 texts are missing here: ENOSPC: write\ntwo\nthree\n')
  // Whatever becomes of its file, nothing is thrown.
  expect(await outlet.write('four\n')).toBe(false)
})

test('results stop at the first that cannot be written, and it is known why', async () => {
  const outlet = new Outlet(failing('ENOSPC'), { color: false })
  expect(await outlet.write('one\n')).toBe(false)
  expect(await outlet.write('two\n')).toBe(false)
  expect(outlet).toMatchObject({ failure: { code: 'ENOSPC' }, gone: false })
})

test('a reader that went away is no failure', async () => {
  const outlet = new Outlet(failing('EPIPE'), { color: false })
  expect(await outlet.write('one\n')).toBe(false)
  expect(await outlet.write('two\n')).toBe(false)
  expect(outlet).toMatchObject({ failure: undefined, gone: true })
})
