import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DeliveryMode, EntityMapping, Source } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { entity, sourceOf, temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import type { Exported } from '../contract/exported.ts'
import { findFiles } from '../export-source.ts'
import { whyNoChanges } from './look-for-changes.ts'

const hour = 3_600_000
const now = Date.now()

interface Dropped {
  /** Names, and how many hours ago each was written. */
  readonly files: Readonly<Record<string, number>>
  readonly mapping?: Partial<EntityMapping>
  readonly source?: Partial<Source>
}

/** A source whose files lie in `full`, and its changes in `changes`. */
async function dropping({ files, mapping, source }: Dropped) {
  const folder = await temporaryFolder()
  const [full, changesFolder] = [join(folder.path, 'full'), join(folder.path, 'changes')]
  await mkdir(full)
  await mkdir(changesFolder)
  for (const [name, hours] of Object.entries(files)) {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, 'id,name\n')
    const time = new Date(now - hours * hour)
    await utimes(path, time, time)
  }
  const entities = [entity(['id', 'name'], mapping)]
  return { ...folder, source: { ...sourceOf(full, { entities }), changesFolder, ...source } }
}

/** The files that are taken, and the notes; or what is wrong. */
async function taken(dropped: Dropped, mode: DeliveryMode = 'complete') {
  await using folder = await dropping(dropped)
  const { source, path } = folder
  try {
    const { tables, notes }: Exported = await findFiles({ source, mode })
    return { files: tables.flatMap(({ parts }) => parts.map(({ name }) => name)), notes }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { code: error.code, message: error.message.replaceAll(path, '') }
  }
}

const dated = { 'full/people-2026-9.csv': 1, 'full/people-2026-10.csv': 3, 'full/people-2026-8.csv': 5 }
const pattern = { file: 'people-*.csv' }

describe('a file whose name is a pattern', () => {
  test('is the only one that fits, and the report names it', async () => {
    const files = { 'full/people-7.csv': 1, 'full/people.csv': 1, 'full/.people-8.csv': 1 }
    expect(await taken({ files, mapping: pattern })).toEqual({
      files: ['people-7.csv'],
      notes: ['Of people-*.csv the file people-7.csv was taken.'],
    })
  })

  test('is none of several where nothing says which', async () => {
    expect(await taken({ files: dated, mapping: pattern })).toEqual({
      code: 'SLUICE-EXPORT-17',
      message:
        '3 files in /full fit "people-*.csv": "people-2026-8.csv", "people-2026-9.csv", "people-2026-10.csv".',
    })
  })

  test('is the last by name, in which numbers are numbers', async () => {
    expect(await taken({ files: dated, mapping: { ...pattern, several: 'last' } })).toEqual({
      files: ['people-2026-10.csv'],
      notes: ['Of people-*.csv the file people-2026-10.csv was taken, the last of 3 by name.'],
    })
  })

  test('is the one that was written last', async () => {
    expect(await taken({ files: dated, mapping: { ...pattern, several: 'newest' } })).toEqual({
      files: ['people-2026-9.csv'],
      notes: ['Of people-*.csv the file people-2026-9.csv was taken, the newest of 3.'],
    })
  })

  test('is all of them, in the order of their names', async () => {
    expect(await taken({ files: dated, mapping: { ...pattern, several: 'all' } })).toEqual({
      files: ['people-2026-8.csv', 'people-2026-9.csv', 'people-2026-10.csv'],
      notes: ['Of people-*.csv 3 files were taken, people-2026-8.csv to people-2026-10.csv.'],
    })
  })

  test('may lie in a folder below, and is no folder itself', async () => {
    const files = { 'full/hr/people-1.csv': 1, 'full/hr/people-2.csv/part.csv': 1 }
    expect(await taken({ files, mapping: { file: 'hr/people-*.csv' } })).toMatchObject({
      files: ['hr/people-1.csv'],
    })
  })

  test.each([
    [{ 'full/persons.csv': 1, 'full/people.txt': 1 }, 'there are "people.txt", "persons.csv"'],
    [{}, 'there are none'],
    [
      Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`full/${n}.txt`, 1])),
      'there are "0.txt", "1.txt", "10.txt", "11.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt", "7.txt" and 2 more',
    ],
  ])('is missed with what lies there: %o', async (files, there) => {
    expect(await taken({ files, mapping: pattern })).toEqual({
      code: 'SLUICE-EXPORT-16',
      message: `No file in /full fits "people-*.csv"; ${there}.`,
    })
  })

  test('is missed where there is no such folder', async () => {
    expect(await taken({ files: {}, mapping: { file: 'gone/people-*.csv' } })).toMatchObject({
      code: 'SLUICE-EXPORT-16',
    })
  })
})

describe('the age of a file', () => {
  const files = { 'full/people.csv': 27 }

  test('may be what the source says, and no more', async () => {
    expect(await taken({ files, source: { maxAge: 28 * hour } })).toMatchObject({ files: ['people.csv'] })
    expect(await taken({ files, source: { maxAge: 26 * hour } })).toEqual({
      code: 'SLUICE-EXPORT-18',
      message: expect.stringMatching(
        /^people\.csv was written at 20.*Z, 27 h(?: 1 min)? ago, and may be at most 26 h old\.$/,
      ),
    })
  })

  test('may be another one for one mapping', async () => {
    const source = { maxAge: hour }
    expect(await taken({ files, source, mapping: { maxAge: 48 * hour } })).toMatchObject({
      files: ['people.csv'],
    })
    const wrong = await taken({ files, mapping: { maxAge: 25 * hour } })
    expect(wrong).toMatchObject({ code: 'SLUICE-EXPORT-18' })
  })

  test('counts for each of several that are taken, and for those alone', async () => {
    const source = { maxAge: 4 * hour }
    expect(await taken({ files: dated, source, mapping: { ...pattern, several: 'all' } })).toMatchObject({
      code: 'SLUICE-EXPORT-18',
      message: expect.stringMatching(/^people-2026-8\.csv /),
    })
    expect(await taken({ files: dated, source, mapping: { ...pattern, several: 'last' } })).toMatchObject({
      files: ['people-2026-10.csv'],
    })
  })
})

describe('a marker', () => {
  const source = { marker: 'people.done' }

  test('that is not there stops everything, whatever else is missing', async () => {
    for (const files of [{ 'full/people.csv': 1 }, {}])
      expect(await taken({ files, source })).toEqual({
        code: 'SLUICE-EXPORT-19',
        message: 'The files of "hr" are not all there yet: its marker people.done is not in /full.',
      })
  })

  test('says that all files are there that are not newer', async () => {
    const files = { 'full/people.csv': 1, 'full/people.done': 1 }
    expect(await taken({ files, source })).toMatchObject({ files: ['people.csv'] })
    expect(await taken({ files: { ...files, 'full/people.done': 2 }, source })).toEqual({
      code: 'SLUICE-EXPORT-19',
      message: expect.stringMatching(
        /^The files of "hr" are not all there yet: people\.csv was written after its marker in \/full: at 20.*Z, and people\.done at 20.*Z\.$/,
      ),
    })
  })

  test('is none of the files that it speaks of', async () => {
    const inParts = { 'full/parts/1.csv': 2, 'full/parts/done': 1 }
    const parts = { files: inParts, source: { marker: './parts/done' }, mapping: { file: 'parts' } }
    expect(await taken(parts)).toMatchObject({ files: ['parts/1.csv'] })
    const beside = { 'full/people-1.csv': 2, 'full/people.done': 1 }
    expect(await taken({ files: beside, source, mapping: { file: 'people*' } })).toMatchObject({
      files: ['people-1.csv'],
    })
  })

  test('lies where the files lie', async () => {
    const files = { 'full/people.csv': 1, 'full/people.done': 1, 'changes/people.csv': 1 }
    expect(await taken({ files, source }, 'incremental')).toMatchObject({
      code: 'SLUICE-EXPORT-19',
      message: expect.stringMatching(/is not in \/changes\.$/),
    })
  })
})

test('files of a folder that somebody names are taken as they are', async () => {
  const files = { 'full/people.csv': 99, 'other/people.csv': 99 }
  await using folder = await dropping({ files, source: { marker: 'people.done', maxAge: hour } })
  const other = join(folder.path, 'other')
  const found = await findFiles({ source: folder.source, mode: 'incremental', folder: other })
  expect(found).toMatchObject({ folder: other })
  expect(found.changesOnly).toBeUndefined()
})

describe('files of changes', () => {
  const files = { 'full/people.csv': 2, 'changes/people.csv': 1 }

  test('are what an incremental takes, and reports tell them from the others', async () => {
    expect(await taken({ files }, 'incremental')).toMatchObject({ files: ['../changes/people.csv'] })
    for (const mode of ['complete', 'initial'] as const)
      expect(await taken({ files }, mode)).toMatchObject({ files: ['people.csv'] })
  })

  const whyNot = async (dropped: Dropped) => {
    await using folder = await dropping(dropped)
    return (await whyNoChanges(folder.source))?.replaceAll(folder.path, '')
  }

  test('are taken while they are not older than those of everything', async () => {
    expect(await whyNot({ files })).toBeUndefined()
    expect(await whyNot({ files: { ...files, 'full/people.csv': 1 } })).toBeUndefined()
    expect(await whyNot({ files: { 'changes/people.csv': 1 } })).toBeUndefined()
    expect(await whyNot({ files: { ...files, 'full/people.csv': 0 } })).toMatch(
      /^The files of changes in \/changes are older than those in \/full, which say everything: 20.*Z, and 20.*Z\.$/,
    )
  })

  test('are not there where none of them is', async () => {
    expect(await whyNot({ files: { 'full/people.csv': 1, 'changes/other.csv': 1 } })).toBe(
      'There are no files of changes in /changes.',
    )
  })

  test('are there, and left to be refused, where nothing says which they are', async () => {
    const several = { 'changes/people-1.csv': 2, 'changes/people-2.csv': 2, 'full/people-1.csv': 1 }
    expect(await whyNot({ files: several, mapping: pattern })).toBeUndefined()
  })
})
