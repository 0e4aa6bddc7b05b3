/** Files of changes that lack columns: of what they have no column for, they say nothing. */
import type { PropertyMapping } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { association, entity } from '../../prepare/test/prepare-text.ts'
import { SourceInTime } from '../test/source-in-time.ts'

const columns = ['id', 'name', 'town', 'phone']
const whole = { 'people.csv': 'id,name,town,phone\n1,Ann,Oslo,11\n2,Bo,Bonn,22\n' }

async function delivered(
  files: Readonly<Record<string, string>>,
  mappings = { entities: [entity(columns)] },
) {
  const source = await SourceInTime.open(mappings)
  await source.complete(files)
  return source
}

describe('commands', () => {
  test('of a file without some columns are passed on without them, and a note says so', async () => {
    await using source = await delivered(whole)
    const { delta, counts, notes } = await source.incremental({
      'people.csv': 'command,id,phone\nmerge,1,12\ninsert,3,33\ndelete,2,\n',
    })
    expect(delta).toBe('command,id,phone\nmerge,1,12\ninsert,3,33\ndelete,2,\n')
    expect(counts).toMatchObject({ columns: ['id', 'phone'], read: 3, rows: 3, deleted: 1 })
    expect(notes).toContain('people.csv has no columns for name, town of Person: they stay as they are.')
  })

  test('may say nothing but which rows they are of', async () => {
    await using source = await delivered(whole)
    const { delta } = await source.incremental({ 'people.csv': 'command,id\ndelete,2\n' })
    expect(delta).toBe('command,id\ndelete,2\n')
  })

  test('are refused without the column that names what the rows are of', async () => {
    await using source = await delivered(whole)
    await expect(source.incremental({ 'people.csv': 'command,name\nmerge,Ann\n' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
      message: 'people.csv has no column "id", which the mapping "Person" needs; it has "command", "name".',
    })
  })

  test('are refused with half of what a value is made of, and do without all of it', async () => {
    const name: PropertyMapping = {
      property: 'name',
      column: 'name from first + last',
      shape: { columns: ['first', 'last'], origin: { kind: 'join', between: ' ' }, transforms: [] },
    }
    const town = { property: 'town', column: 'town' }
    const id = { property: 'id', column: 'id' }
    const entities = [entity(['id'], { properties: [id, name, town] })]
    await using source = await delivered(
      { 'people.csv': 'id,first,last,town\n1,Ann,Lee,Oslo\n' },
      { entities },
    )
    await expect(
      source.incremental({ 'people.csv': 'command,id,last\nmerge,1,Fox\n' }),
    ).rejects.toMatchObject({ code: 'SLUICE-PREPARE-01', details: { column: 'first' } })
    const { delta } = await source.incremental({ 'people.csv': 'command,id,town\nmerge,1,Voss\n' })
    expect(delta).toBe('command,id,town\nmerge,1,Voss\n')
  })

  test('need the columns of a filter', async () => {
    const where = { text: 'row.town != ""', columns: ['town'], kind: 'boolean' as const }
    await using source = await delivered(whole, { entities: [entity(columns, { where })] })
    await expect(source.incremental({ 'people.csv': 'command,id\nmerge,1\n' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
      details: { column: 'town' },
    })
  })
})

describe('links in the file of their entity', () => {
  const mappings = {
    entities: [entity(['id', 'name'])],
    associations: [association('id', 'boss', { file: 'people.csv' })],
  }
  const start = { 'people.csv': 'id,name,boss\n1,Ann,\n2,Bo,1\n' }

  test('are not spoken of without the column of their other end', async () => {
    await using source = await delivered(start, mappings)
    const prepared = await source.prepare('incremental', {
      'people.csv': 'command,id,name\nupdate,2,Bob\n',
    })
    const [, member] = prepared.manifest.files
    expect(member).toMatchObject({ mapping: 'member', follows: 'from', read: 1, rows: 0, unchanged: 1 })
    expect(prepared.manifest.notes).toContain(
      'people.csv has no column "boss", so it says nothing of member.',
    )
  })
})

describe('a column that is missing is an error', () => {
  test('of a complete, whatever its rows say', async () => {
    await using source = await SourceInTime.open({ entities: [entity(columns)] })
    await expect(source.complete({ 'people.csv': 'command,id,name\ninsert,1,Ann\n' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
      details: { column: 'town' },
    })
  })

  test('of an incremental that says everything, too', async () => {
    await using source = await delivered(whole)
    await expect(source.incremental({ 'people.csv': 'id,name\n1,Ann\n' })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
    })
    // Behind other columns such a one may be data, and is found to be.
    const data = { 'people.csv': 'id,name,command\n1,Ann,make tea\n' }
    await expect(source.incremental(data)).rejects.toMatchObject({ code: 'SLUICE-PREPARE-01' })
  })
})
