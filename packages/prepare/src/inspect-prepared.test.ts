/**
 * Files that went through somebody's hands: counted as they are, or refused with the line.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spellingOf } from '@sluice/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectDelta, inspectRejections, inspectSorted } from './inspect-prepared.ts'
import type { Projection } from './projection.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-inspect-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const people: Projection = {
  mapping: 'Person',
  file: 'people.csv',
  format: {
    encoding: undefined,
    separator: undefined,
    shortRows: 'reject',
    quotedLineBreaks: 'check',
    skipLines: 0,
  },
  columns: ['no', 'name'],
  sourceColumns: ['no', 'name'],
  wanted: ['no', 'name'],
  shaping: undefined,
  spelled: [],
  cleansed: [],
  secrets: [],
  unique: [0],
  order: [0],
  required: [0],
  inline: undefined,
  reading: {},
  checks: [],
}

async function sorted(text: string | Uint8Array, projection = people) {
  await writeFile(join(folder, `${projection.mapping}.sorted.csv`), text)
  return inspectSorted(folder, projection)
}
const refused = (line: number, what: string) => ({
  code: 'SLUICE-DELIVER-10',
  details: { line },
  message: expect.stringContaining(`as it is: ${what}`),
})

describe('a sorted file', () => {
  test('counts rows and not lines', async () => {
    expect(await sorted('no,name\n1,"Ann\n""of"" Cleves"\n"2,5",\n3,Bob\n')).toMatchObject({
      rows: 3,
      size: 43,
    })
    expect(await sorted('no,name\n')).toMatchObject({ rows: 0, size: 8 })
  })

  test('is in the order of UTF-16 code units, as sluice prepare sorts', async () => {
    expect(await sorted('no,name\n10,\n9,\nZ,\na,\né,\n😀,\n\uffee,\n')).toMatchObject({ rows: 7 })
    await expect(sorted('no,name\n\uffee,\n😀,\n')).rejects.toMatchObject(
      refused(3, 'the key 😀 comes after a key'),
    )
  })

  test.each([
    ['name,no\n', 1, 'the header has to be no,name'],
    ['', 1, 'the header'],
    ['no,name\n1,"a\nb"\n2,b\n1,c\n', 5, 'the key 1 comes after a key that sorts behind it'],
    ['no,name\n1,"a\nb"\n1,c\n', 4, 'the key 1 already occurs on line 2'],
    ['no,name\n1,a\n,b\n', 3, 'it has no key'],
    ['no,name\n1,a\n2\n', 3, 'its number of fields is 1 instead of 2'],
    ['no,name\n1,a,b\n', 2, 'its number of fields is 3'],
    ['no,name\n1,a\n\n2,b\n', 3, 'it is empty'],
    ['no,name\n1,a\n2,b', 3, 'it does not end with a line feed'],
    ['no,name\n1,a\r\n', 2, 'it ends with a carriage return'],
    ['no,name\n1,5" disk\n', 2, 'a field with a quote'],
    ['no,name\n1,""\n', 2, 'an empty value has to stand without quotes'],
    ['no,name\n1,"a"b\n', 2, 'its quotes are broken'],
    ['no,name\n1,"a\n2,b\n', 2, 'its quotes are broken'],
    [Buffer.from('no,name\n1,Andr\xe9\n', 'latin1'), 2, 'it is not UTF-8'],
    ['no,name\n1,a\0\n', 2, 'it is not UTF-8'],
  ])('%j is refused on line %i', async (text, line, what) => {
    await expect(sorted(text)).rejects.toMatchObject(refused(line, what))
  })

  test('of an association is unique in the end that may have one link', async () => {
    const managers = {
      ...people,
      mapping: 'Member',
      columns: ['group', 'no'],
      order: [0, 1],
      required: [0, 1],
    }
    const text = 'group,no\ng1,1\ng1,2\ng2,1\n'
    expect(await sorted(text, { ...managers, unique: [0, 1] })).toMatchObject({ rows: 3 })
    await expect(sorted(text, { ...managers, unique: [1] })).rejects.toMatchObject(
      refused(4, 'the key g2, 1 already occurs on line 2'),
    )
  })
})

describe('names of resources', () => {
  const spelling = spellingOf({ name: 'no', type: 'integer', required: true }, {})
  if (spelling === undefined) throw new Error('numbers have several spellings')
  const numbered = { ...people, spelled: [{ column: 0, spelling, isKey: true }] }

  test('stand in their one spelling', async () => {
    await expect(sorted('no,name\n05,a\n5,b\n', numbered)).rejects.toMatchObject(
      refused(2, 'the no 05 has to be written 5'),
    )
    expect(await sorted('no,name\n5,a\n', numbered)).toMatchObject({ rows: 1 })
  })

  test('stand in it in commands, too', async () => {
    await writeFile(join(folder, 'Person.sorted.delta'), 'command,no,name\ninsert,2,Bob\ndelete,01,\n')
    await expect(inspectDelta(folder, numbered)).rejects.toMatchObject(
      refused(3, 'the no 01 has to be written 1'),
    )
  })
})

test('a delta keeps the order of its commands, and knows no others', async () => {
  const path = join(folder, 'Person.sorted.delta')
  await writeFile(path, 'command,no,name\ninsert,2,Bob\ndelete,1,\nmerge,2,Rob\n')
  expect(await inspectDelta(folder, people)).toMatchObject({ rows: 3, deleted: 1 })
  await writeFile(path, 'command,no,name\ninsert,2,Bob\nremove,1,\n')
  await expect(inspectDelta(folder, people)).rejects.toMatchObject(refused(3, '"remove" is none of'))
})

test('rejections are counted by mapping', async () => {
  const path = join(folder, 'rejected.jsonl')
  const rejection = {
    mapping: 'Person',
    file: 'people.csv',
    line: 3,
    column: null,
    text: 'x',
    reason: 'y',
    fields: ['x'],
  }
  await writeFile(path, `${JSON.stringify(rejection)}\n`)
  const found = await inspectRejections(path)
  expect([found.rows, [...found.byMapping]]).toEqual([1, [['Person', 1]]])
  await writeFile(path, `${JSON.stringify(rejection)}\n{}\n`)
  await expect(inspectRejections(path)).rejects.toMatchObject(refused(2, 'it is not a rejection'))
})
