import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readIfThere } from './read-if-there.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'))
  await writeFile(join(folder, 'note.txt'), 'Grüße')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a file that may be there', () => {
  test('is read as UTF-8', async () => {
    expect(await readIfThere(join(folder, 'note.txt'))).toBe('Grüße')
  })

  test.each([
    ['its name is free', 'other.txt'],
    ['its folder is missing', 'nowhere/note.txt'],
    ['its folder is a file', 'note.txt/note.txt'],
  ])('is nothing where %s', async (_, path) => {
    expect(await readIfThere(join(folder, path))).toBeUndefined()
  })

  test('is an error where it is larger than any note, and is not read', async () => {
    const path = join(folder, 'large.txt')
    await writeFile(path, '')
    await truncate(path, 2 ** 40)
    await expect(readIfThere(path)).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-19',
      place: { file: path },
    })
  })

  test('is an error where it is a folder', async () => {
    await expect(readIfThere(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
