import { describe, expect, test } from 'vitest'
import { entity, sourceOf, temporaryFolder, writeFiles } from '../../../prepare/test/prepare-text.ts'
import { inspectHeader } from './inspect-header.ts'

async function inspect(files: Record<string, string | Uint8Array>) {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, files)
  const mapping = entity(['id', 'name'])
  return await inspectHeader(sourceOf(folder.path, { entities: [mapping] }), mapping)
}

describe('the header of a file', () => {
  test('is reported with separator and encoding, mapped or not', async () => {
    const found = await inspect({ 'people.csv': Buffer.from(' id ;name;stra\xdfe\n1;2;3\n', 'latin1') })
    expect(found).toEqual({
      kind: 'found',
      columns: ['id', 'name', 'stra\u00dfe'],
      separator: ';',
      encoding: 'windows-1252',
      file: 'people.csv',
    })
  })

  test('is reported as an error, not thrown, when there is none to see', async () => {
    expect(await inspect({})).toMatchObject({ kind: 'unreadable', error: { code: 'SLUICE-EXPORT-01' } })
    expect(await inspect({ 'people.csv': '' })).toMatchObject({
      kind: 'unreadable',
      error: { code: 'SLUICE-PREPARE-03' },
    })
  })
})
