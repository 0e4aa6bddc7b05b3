import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@sluice/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { declared, id, outgoing } from '../../test/outgoing.ts'
import { carriedFiles, changedFile, verifyOutbox } from './verify-outbox.ts'

const counts = {
  rows: 1,
  read: 1,
  rejected: 0,
  nullKey: 0,
  duplicate: 0,
  noLink: 0,
  unchanged: 0,
  deleted: 0,
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let manifest: Manifest

beforeEach(async () => {
  folder = await temporaryFolder()
  const sorted = await declared(folder.path, 'Person.sorted.csv', 'id\n1\n')
  const delta = await declared(folder.path, 'Person.sorted.delta', 'command,id\n')
  const rejected = await declared(folder.path, 'rejected.jsonl', '{}\n')
  manifest = {
    files: [{ ...sorted, ...counts, mapping: 'Person', kind: 'sorted', columns: ['id'] }],
    rejections: { ...rejected, name: 'rejected.jsonl', rows: 1 },
    since: { base: id(1), files: [{ ...delta, mapping: 'Person', rows: 0 }] },
    timings: { export: 0, prepare: 0 },
    notes: [],
  }
})
afterEach(() => folder[Symbol.asyncDispose]())

test('a delivery carries its files, the rejected rows and what changed, with nothing but name, size and sum', () => {
  const carried = carriedFiles(manifest)
  expect(carried.map(({ name }) => name)).toEqual([
    'Person.sorted.csv',
    'rejected.jsonl',
    'Person.sorted.delta',
  ])
  expect(carried.map((file) => Object.keys(file))).toEqual(carried.map(() => ['name', 'size', 'sha256']))
  const { rejections: _, since: __, ...bare } = manifest
  expect(carriedFiles(bare).map(({ name }) => name)).toEqual(['Person.sorted.csv'])
})

describe('files that are verified', () => {
  test('pass as they were prepared', async () => {
    await verifyOutbox(folder.path, manifest, 'hr')
    expect(await changedFile(folder.path, outgoing(1, { manifest }))).toBeUndefined()
  })

  test.each(['Person.sorted.csv', 'rejected.jsonl', 'Person.sorted.delta'])(
    'are refused where %s is longer, has another byte, or is missing',
    async (name) => {
      const path = join(folder.path, name)
      const [file] = carriedFiles(manifest).filter((one) => one.name === name)
      const size = file?.size ?? 0
      const refusal = async () => await verifyOutbox(folder.path, manifest, 'hr').catch((error) => error)
      await writeFile(path, 'x'.repeat(size + 1))
      expect(await refusal()).toMatchObject({
        code: 'SLUICE-DELIVER-04',
        message: expect.stringContaining(`it has ${size + 1} bytes instead of ${size}`),
        details: { file: path },
      })
      await writeFile(path, 'x'.repeat(size))
      expect((await refusal()).message).toContain('its checksum differs')
      await rm(path)
      expect((await refusal()).message).toContain('it is missing')
    },
  )

  test('say how to deliver them as they are where their source is known', async () => {
    await rm(join(folder.path, 'rejected.jsonl'))
    const { code, message } = (await changedFile(folder.path, outgoing(1, { manifest }))) ?? {}
    expect({ code, message }).toMatchObject({
      code: 'SLUICE-DELIVER-04',
      message: expect.stringContaining('rejected.jsonl'),
    })
  })

  test('that cannot be read are another matter than files that were changed', async () => {
    const path = join(folder.path, 'Person.sorted.csv')
    await rm(path)
    await mkdir(path)
    const { size } = await stat(path)
    const files = manifest.files.map((file) => ({ ...file, size }))
    const unreadable = outgoing(1, { manifest: { ...manifest, files } })
    await expect(changedFile(folder.path, unreadable)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
