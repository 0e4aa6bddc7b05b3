import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectorExport } from '@sluice/model'
import { expect, test } from 'vitest'
import { entity, sourceOf, temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { writeDocuments } from '../../test/documents.ts'
import { FileServer } from '../../test/file-server.ts'
import type { AnswerOf } from '../contract/export-request.ts'
import { exportByConnector } from '../run/export-by-connector.ts'

const answerOf: AnswerOf = async ({ stated }) => ({ mode: stated ?? 'complete' })

async function exported(folder: string, from: string, table: Readonly<Record<string, unknown>>) {
  const by: ConnectorExport = {
    connector: 'files',
    options: { from, tables: { people: table } },
    secrets: [],
    unset: [],
    workingFolder: folder,
    timeout: 30_000,
    retries: 2,
  }
  const mappings = { entities: [entity(['id', 'name'])], associations: [] }
  const source = { ...sourceOf(join(folder, 'files'), mappings), export: by }
  return exportByConnector(by, { source, mode: 'complete', answerOf }, { pause: 1 })
}

test('a file of CSV is exported byte by byte, and several are the parts of one', async () => {
  await using folder = await temporaryFolder()
  const from = join(folder.path, 'in')
  const text = Buffer.from('id;name\r\n1;"Zo\xeb"\r\nbroken\r\n', 'latin1')
  await writeDocuments(from, { 'people-9.csv': text, 'people-10.csv': text, 'one.csv': text })
  const one = await exported(folder.path, from, { path: 'one.csv' })
  expect(await readFile(join(folder.path, 'files/people.csv'))).toEqual(text)
  expect(one.rows).toEqual({})
  const { tables } = await exported(folder.path, from, { path: 'people-*.csv', several: 'all' })
  expect(tables[0]?.parts.map(({ name }) => name)).toEqual([
    'people.csv/000001-people-9.csv',
    'people.csv/000002-people-10.csv',
  ])
})

test('what came of a file before the connection broke is gone when it is read again', async () => {
  await using folder = await temporaryFolder()
  await using server = await FileServer.open()
  const text = 'id,name\n1,Ann\n'
  server.files.set('/people.csv', text)
  const broken = { status: 200, headers: { 'content-length': '1000' }, body: 'id,name\n9,Half' }
  // The first answer is to the question whether it has changed.
  server.answers.set('/people.csv', [{ status: 200, body: text }, broken])
  server.closing = true
  await exported(folder.path, `${server.url}/`, { path: 'people.csv' })
  expect(await readFile(join(folder.path, 'files/people.csv'), 'utf8')).toBe(text)
  expect(server.asked.filter((one) => one.startsWith('GET'))).toHaveLength(2)
  expect((await readdir(join(folder.path, 'files'))).sort()).toEqual([
    '.cookies',
    'export.json',
    'people.csv',
  ])
})
