import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pagerFor } from './pager.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-pager-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const window = { isTTY: true, rows: 4 }
const { PATH } = process.env
const long = '1\n2\n3\n4\n5\n'

test('what is longer than the window is shown by the pager that is named', async () => {
  const file = join(folder, 'shown')
  const pages = pagerFor(window, { PATH, PAGER: `cat > ${file}` })
  expect(await pages?.(long)).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe(long)
})

test('what fits is left to be written, and so is what a pager that is not there cannot show', async () => {
  expect(await pagerFor(window, { PATH, PAGER: 'false' })?.('1\n2\n')).toBe(false)
  expect(await pagerFor(window, { PATH, PAGER: 'no-such-pager 2>/dev/null' })?.(long)).toBe(false)
})

test('a pager that is closed in the middle has shown what was wanted', async () => {
  expect(await pagerFor(window, { PATH, PAGER: 'true' })?.('line\n'.repeat(100_000))).toBe(true)
})

test.each([
  ['there is no terminal', { rows: 4 }, { PATH, PAGER: 'cat -n' }],
  ['none is wanted', window, { PATH, PAGER: '' }],
  ['it would do nothing', window, { PATH, PAGER: 'cat' }],
  ['the terminal is dumb', window, { PATH, PAGER: 'more', TERM: 'dumb' }],
  ['none is named, and less is not installed', window, { PATH: folder }],
])('there is no pager where %s', (_, of, environment) => {
  expect(pagerFor(of, environment)).toBeUndefined()
})
