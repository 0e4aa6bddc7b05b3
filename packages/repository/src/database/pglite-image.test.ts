import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openRepository } from '../repository.ts'
import { packImage, unpackImage } from './pglite-image.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-image-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a folder is packed and unpacked as it was, with folders that hold nothing', async () => {
  const original = join(folder, 'original')
  await mkdir(join(original, 'pg_notify'), { recursive: true, mode: 0o700 })
  await writeFile(join(original, 'PG_VERSION'), '18\n', { mode: 0o600 })
  await writeFile(join(original, 'empty'), '')
  const image = join(folder, 'small.tar.gz')
  await packImage(original, image)
  expect(await readdir(folder)).not.toContain('small.tar.gz.new')

  const unpacked = join(folder, 'unpacked')
  expect(await unpackImage(unpacked, image)).toBe(true)
  expect((await readdir(unpacked, { recursive: true })).sort()).toEqual(['PG_VERSION', 'empty', 'pg_notify'])
  expect(await readFile(join(unpacked, 'PG_VERSION'), 'utf8')).toBe('18\n')
  expect((await stat(join(unpacked, 'PG_VERSION'))).mode & 0o777).toBe(0o600)
})

test('without an image nothing is done', async () => {
  const unpacked = join(folder, 'none')
  expect(await unpackImage(unpacked, join(folder, 'missing.tar.gz'))).toBe(false)
  await expect(stat(unpacked)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an unpacked repository can be read and written', async () => {
  const image = join(folder, 'repository.tar.gz')
  await packImage(join(inject('testFolder'), 'pglite-template', 'data'), image)
  const path = join(folder, 'repository')
  await mkdir(path)
  await unpackImage(join(path, 'data'), image)
  await using repository = await openRepository({ kind: 'folder', path })
  expect(await repository.runs()).toEqual([])
  await repository.database.session((session) => session.execute('create table t as select 1 as n'))
  const { rows } = await repository.database.session((session) => session.query('select n from t'))
  expect(rows).toEqual([{ n: 1 }])
})
