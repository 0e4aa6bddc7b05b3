import { execFileSync } from 'node:child_process'
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OutputFile } from './output-file.ts'
import { makePrivate, makePrivateFolder } from './private-folder.ts'
import { readHead } from './read-head.ts'
import { readText } from './read-if-there.ts'
import { writeDurably } from './write-durably.ts'

let folder: string
let umask: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-private-'))
  umask = process.umask(0)
})
afterEach(async () => {
  process.umask(umask)
  await rm(folder, { recursive: true, force: true })
})

const at = (...names: readonly string[]) => join(folder, ...names)
const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8)

test('a folder that is made is private, and those above it that are made with it, whatever the umask', async () => {
  await makePrivateFolder(at('work', 'outbox', 'hr'))
  for (const path of [at('work'), at('work', 'outbox'), at('work', 'outbox', 'hr')])
    expect(await modeOf(path)).toBe('700')
})

test('a folder that is there and open to others is made private, and what is above it is left alone', async () => {
  await mkdir(at('open', 'outbox'), { recursive: true, mode: 0o777 })
  await makePrivateFolder(at('open', 'outbox'))
  expect(await modeOf(at('open', 'outbox'))).toBe('700')
  expect(await modeOf(at('open'))).toBe('777')
})

test('a folder that is more than private stays as it is', async () => {
  await mkdir(at('closed'))
  await chmod(at('closed'), 0o500)
  await makePrivateFolder(at('closed'))
  expect(await modeOf(at('closed'))).toBe('500')
})

test('a link in the place of a folder is refused, and what it leads to is left alone', async () => {
  await mkdir(at('elsewhere'), { mode: 0o755 })
  await symlink(at('elsewhere'), at('outbox'))
  await expect(makePrivateFolder(at('outbox'))).rejects.toMatchObject({ code: 'SLUICE-PREPARE-45' })
  expect(await makePrivate(at('outbox'))).toBe('link')
  expect(await modeOf(at('elsewhere'))).toBe('755')
})

test('files that are written are their owner’s alone, and one that was open is replaced by one that is not', async () => {
  await writeFile(at('note.json'), 'before', { mode: 0o666 })
  await writeDurably(at('note.json'), 'after')
  expect(await modeOf(at('note.json'))).toBe('600')
  await using file = await OutputFile.create(at('rows.csv'))
  await file.finish()
  expect(await modeOf(at('rows.csv'))).toBe('600')
})

test('nothing is written through a link that somebody has put there', async () => {
  await writeFile(at('precious'), 'as it was')
  for (const name of ['note.json', 'note.json.new']) await symlink(at('precious'), at(name))
  await writeDurably(at('note.json'), 'ours')
  expect(await readFile(at('precious'), 'utf8')).toBe('as it was')
  expect(await readFile(at('note.json'), 'utf8')).toBe('ours')
})

// Windows has neither modes nor pipes among its files.
test.skipIf(process.platform === 'win32')(
  'a pipe in the place of a note is refused, and not waited for',
  async () => {
    execFileSync('mkfifo', [at('note.json')])
    await expect(readText(at('note.json'))).rejects.toMatchObject({ code: 'SLUICE-PREPARE-46' })
    expect(() => readHead(at('note.json'))).toThrow('is not a file')
  },
)
