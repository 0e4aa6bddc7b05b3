/**
 * Rows before and after a mapping, where the files are: what is shown of them, and what never is.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PreviewAnswer } from '@sluice/model'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { previewRows } from './preview-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-preview-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  mkdirSync(join(folder, 'hr'), { recursive: true })
  writeFileSync(join(folder, 'sluice.yaml'), configuration)
  const rows = ['no;name;pin;photo;room', '1;Ada;geheim;QUJD;A', '2;Bob;geheim', '3;NULL;geheim;QUJD;B']
  writeFileSync(join(folder, 'hr', 'people.csv'), `${rows.join('\n')}\n`, 'latin1')
  writeFileSync(join(folder, 'hr', 'rooms.csv'), 'code;title\nA;Größe\n', 'latin1')
})

const configuration = `
entityTypes:
  Person: {display: name, properties: {no: string, name: string, pin: secret, photo: file, room: {type: reference, to: Room}}}
  Room: {properties: {code: string, title: string}}
sources:
  hr:
    folder: hr
    format: {separator: ";", encoding: windows-1252}
    absent: [NULL]
    entities:
      Room: {file: rooms.csv, key: code, properties: {code: code, title: title}}
      Person:
        file: people.csv
        key: no
        properties: {no: no, name: {column: name, default: nobody}, pin: pin, photo: {column: photo, encoding: base64}, room: room}
`

const shown = (of: { readonly mapping?: string; readonly proposal?: string }) =>
  previewRows(folder, { source: 'hr', rows: 20, ...of })

const texts = (values: PreviewAnswer['rows'][number]['before']) =>
  Object.fromEntries(values.map(({ name, value }) => [name, value]))

test('secrets and files are stars before and after, and so is a row that cannot be taken apart', async () => {
  const { rows } = await shown({ mapping: 'Person' })
  expect(rows.map(({ line, outcome, before }) => [line, outcome, texts(before)])).toEqual([
    [2, 'taken', { no: '1', name: 'Ada', pin: '***', photo: '***', room: 'A' }],
    [3, 'rejected', { row: '***' }],
    [4, 'taken', { no: '3', name: 'NULL', pin: '***', photo: '***', room: 'B' }],
  ])
  expect(rows[0]?.after.map(texts)).toEqual([{ no: '1', name: 'Ada', pin: '***', photo: '***', room: 'A' }])
  expect(rows[2]?.after.map(texts)).toMatchObject([{ name: 'nobody' }])
  expect(JSON.stringify(rows)).not.toMatch(/geheim|QUJD/)
})

test('a proposal is read as the source writes its files, in place of a type of the model, with keys that the source tells', async () => {
  const proposal = `
entityTypes:
  Person: {properties: {no: string, name: {type: string, required: true}, room: {type: reference, to: Room}}}
sources:
  hr:
    entities:
      Person: {file: people.csv, key: no, where: row.no != "2", properties: {no: no, name: {column: name, transforms: [upper]}, room: room}}
`
  const { rows, findings } = await shown({ proposal })
  expect(findings).toEqual([])
  expect(rows.map(({ outcome, after }) => [outcome, after.map(texts)])).toEqual([
    ['taken', [{ no: '1', name: 'ADA', room: 'A' }]],
    // It may show what is hidden: it cannot be taken apart.
    ['rejected', []],
    ['rejected', []],
  ])
  expect(rows[2]?.reason).toBe('name from name: a value is required')
  expect(JSON.stringify(rows)).not.toMatch(/geheim|QUJD/)
  const umlaut = await shown({
    proposal: `sources: {hr: {entities: {Room: {file: rooms.csv, key: code, properties: {code: code, title: title}}}}}`,
  })
  expect(umlaut.rows[0]?.after.map(texts)).toEqual([{ code: 'A', title: 'Größe' }])
})

test.each([
  ['a file is read as a text', '{no: no, name: photo}'],
  ['a secret is put together with others', '{no: no, name: {columns: [no, pin], join: "-"}}'],
])('a proposal is refused where %s', async (_what, properties) => {
  const proposal = `sources: {hr: {entities: {Person: {file: people.csv, key: no, properties: ${properties}}}}}`
  const { rows, findings } = await shown({ proposal })
  expect(rows).toEqual([])
  expect(findings).toMatchObject([{ code: 'SLUICE-SOURCE-12', file: 'proposal', line: 1 }])
})

test('one mapping is shown at a time', async () => {
  await expect(shown({})).rejects.toMatchObject({ code: 'SLUICE-PROJECT-14' })
  const several = `sources: {hr: {entities: {Person: {file: people.csv, key: no, properties: {no: no}}, Room: {file: rooms.csv, key: code, properties: {code: code}}}}}`
  expect((await shown({ proposal: several })).findings).toMatchObject([
    { code: 'SLUICE-SOURCE-12', message: 'There are several mappings.' },
  ])
})

test('texts are shown as the values that they stand for, so that a form that is mistaken shows', async () => {
  writeFileSync(
    join(folder, 'hr', 'rooms.csv'),
    'code;title;since;size;free;seen\nA;Hall;03/02/2009;1.234,50;ja;03/02/2009 14:30\n',
    'latin1',
  )
  const proposal = (format: string) => `
entityTypes:
  Room: {properties: {code: string, since: date, size: decimal, free: boolean, seen: datetime}}
sources:
  hr:
    entities:
      Room:
        file: rooms.csv
        key: code
        properties:
          code: code
          since: {column: since, format: ${format}}
          size: {column: size, decimalSeparator: ",", thousandsSeparator: "."}
          free: {column: free, words: {true: [ja], false: [nein]}}
          seen: {column: seen, format: dd/MM/yyyy HH:mm, timeZone: Europe/Berlin}
`
  const first = async (format: string) => {
    const { rows } = await shown({ proposal: proposal(format) })
    return rows.map(({ after }) => after.map(texts))
  }
  const rest = { code: 'A', size: '1234.5', free: 'true', seen: '2009-02-03T13:30:00Z' }
  expect(await first('dd/MM/yyyy')).toEqual([[{ ...rest, since: '2009-02-03' }]])
  expect(await first('MM/dd/yyyy')).toEqual([[{ ...rest, since: '2009-03-02' }]])
})
