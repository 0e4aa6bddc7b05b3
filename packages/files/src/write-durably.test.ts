import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sumOfFile } from './sum-of-file.ts'
import { syncFolder } from './sync-folder.ts'
import { renameDurably, writeDurably } from './write-durably.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a file that is written durably', () => {
  test('takes the place of the one before, and leaves no draft', async () => {
    const path = join(folder, 'state.json')
    await writeDurably(path, 'one')
    await writeDurably(path, 'two')
    expect(await readFile(path, 'utf8')).toBe('two')
    expect((await readdir(folder)).filter((name) => name.startsWith('state'))).toEqual(['state.json'])
  })

  test('takes the place of a draft that a dead process has left', async () => {
    const path = join(folder, 'left.json')
    await writeFile(`${path}.new`, 'half of it, and longer than the whole')
    await writeDurably(path, 'whole')
    expect(await readFile(path, 'utf8')).toBe('whole')
  })

  test('is the one before where the new one cannot be written', async () => {
    const path = join(folder, 'kept.json')
    await writeDurably(path, 'before')
    await mkdir(`${path}.new`)
    await expect(writeDurably(path, 'after')).rejects.toThrow('EISDIR')
    expect(await readFile(path, 'utf8')).toBe('before')
  })
})

test('a folder is synced with its subfolders, and renamed with what is in it', async () => {
  await mkdir(join(folder, 'next', 'cookies'), { recursive: true })
  await writeFile(join(folder, 'next', 'cookies', 'since'), '7')
  await syncFolder(join(folder, 'next'))
  await renameDurably(join(folder, 'next'), join(folder, 'previous'))
  expect(await readFile(join(folder, 'previous', 'cookies', 'since'), 'utf8')).toBe('7')
})

test('the sum of a file is its SHA-256', async () => {
  const path = join(folder, 'abc')
  await writeFile(path, 'abc')
  expect(await sumOfFile(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
