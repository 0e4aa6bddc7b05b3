import { wideFrom } from '@sluice/model'
import { expect, test } from 'vitest'
import { association, entity, prepareText } from '../test/prepare-text.ts'

const columns = ['id', ...Array.from({ length: 450 }, (_, index) => `c${index}`)]
const header = columns.join(',')
const row = (id: string, value: string) => [id, ...columns.slice(1).map(() => value)].join(',')

test('a row that the database cannot stage is rejected with its size, and no other', async () => {
  // 19 bytes stay in the row; of 200 that are moved out 18 do.
  const text = `${header}\n${row('1', 'x'.repeat(19))}\n${row('2', 'short')}\n${row('3', 'x'.repeat(200))}\n`
  const found = await prepareText({ files: { 'people.csv': text }, entities: [entity(columns)] })
  expect(found.rejected.map(({ line, reason }) => `${line}: ${reason.slice(0, 60)}`)).toEqual([
    '2: the row takes 9090 bytes in the database, where a row holds ',
    '4: the row takes 8190 bytes in the database, where a row holds ',
  ])
  expect(found.manifest.files[0]).toMatchObject({ read: 3, rejected: 2, rows: 1 })
})

test('nothing is measured of few columns, however long they are', async () => {
  const few = columns.slice(0, wideFrom - 1)
  const text = `${few.join(',')}\n${few.map(() => 'x'.repeat(1000)).join(',')}\n`
  const found = await prepareText({ files: { 'people.csv': text }, entities: [entity(few)] })
  expect(found.manifest.files[0]).toMatchObject({ rejected: 0, rows: 1 })
})

test('another mapping of the file, for which it is short enough, has the row', async () => {
  const text = `${header}\n${row('1', 'x'.repeat(19))}\n${row('2', 'y')}\n`
  const found = await prepareText({
    files: { 'people.csv': text },
    entities: [entity(columns)],
    associations: [association('id', 'c0', { file: 'people.csv' })],
  })
  expect(found.manifest.files.map(({ read, rejected, rows }) => [read, rejected, rows])).toEqual([
    [2, 1, 1],
    [2, 0, 2],
  ])
})
