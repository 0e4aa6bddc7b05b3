import type { EntityModel, PropertyMapping } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { entity, prepareText } from '../test/prepare-text.ts'

const model: EntityModel = {
  associations: new Map(),
  entityTypes: new Map([
    [
      'Person',
      {
        name: 'Person',
        abstract: false,
        properties: [
          { name: 'id', type: 'string', required: false },
          { name: 'name', type: 'string', required: false },
          { name: 'boss', type: 'reference', to: 'Person', required: false },
          { name: 'at', type: 'datetime', required: false },
          { name: 'on', type: 'date', required: false },
        ],
      },
    ],
  ]),
}

const of = (property: string, parts: Partial<PropertyMapping> = {}): PropertyMapping => ({
  property,
  column: property,
  ...(property === 'boss' ? { by: 'id' } : {}),
  ...parts,
})

async function prepared(text: string, properties: readonly PropertyMapping[]) {
  const found = await prepareText({
    files: { 'people.csv': text },
    entities: [entity(['id'], { properties })],
    model,
  })
  const { places } = found.manifest.files[0] ?? {}
  return {
    places,
    rejected: found.rejected,
    sorted: found.files['Person.sorted.csv'],
    nullpk: found.files['Person.nullpk.csv'],
    duplicates: found.files['Person.duplicates.csv'],
    notes: found.manifest.notes,
  }
}

describe('what stands where there is no value', () => {
  const absent = ['NULL', '\\N']

  test('is an empty field, where its column says so', async () => {
    const text = 'id,name,boss\n1,NULL,\\N\n2,Null,NULL\n3,"NULL",1\n'
    const properties = [of('id', { absent }), of('name', { absent }), of('boss')]
    expect(await prepared(text, properties)).toMatchObject({
      sorted: 'id,name,boss\n1,,\\N\n2,Null,NULL\n3,,1\n',
    })
  })

  test('is no key, and its row goes to those without one as it came', async () => {
    const found = await prepared('id,name\nNULL,Una\n1,Ole\n', [of('id', { absent }), of('name')])
    expect(found).toMatchObject({ sorted: 'id,name\n1,Ole\n', nullpk: 'id,name\nNULL,Una\n' })
  })

  test('is told apart where one column is read in two ways', async () => {
    const properties = [of('id'), of('name', { column: 'n', absent: ['NULL'] }), of('boss', { column: 'n' })]
    expect((await prepared('id,n\n1,NULL\n', properties)).sorted).toBe('id,n without NULL,n\n1,,NULL\n')
  })
})

describe('texts that name resources', () => {
  const decomposed = 'Ko\u0308ln'

  test('are written in normal form C, and meet in it', async () => {
    const text = `id,name,boss\nK\u00f6ln,${decomposed},\n${decomposed},x,K\u00f6ln\nUlm,y,"${decomposed}"\n`
    const found = await prepared(text, [of('id'), of('name'), of('boss')])
    expect(found.sorted).toBe(`id,name,boss\nK\u00f6ln,${decomposed},\nUlm,y,K\u00f6ln\n`)
    expect(found.duplicates).toBe(`id,name,boss\nK\u00f6ln,x,K\u00f6ln\n`)
    expect(found.notes).toContain(
      'Person: 1 value of the column id was not in Unicode normal form C, in which names are compared',
    )
  })

  test('are quoted as they have to be', async () => {
    const found = await prepared(`id\n"${decomposed}, ""Alt"""\n`, [of('id'), of('name', { column: 'id' })])
    expect(found.sorted).toBe('id\n"K\u00f6ln, ""Alt"""\n')
  })

  test.each(['   ', '\u00a0', '\t'])('are none where they are blanks: %j', async (blank) => {
    const found = await prepared(`id,boss\n1,${blank}\n${blank},1\n`, [of('id'), of('boss')])
    expect(found).toMatchObject({ sorted: 'id,boss\n1,\n', nullpk: `id,boss\n${blank},1\n` })
  })
})

describe('a local time', () => {
  const at = of('at', { timeZone: 'Europe/Berlin' })

  test('is written as the instant, beside the date of the same column', async () => {
    const found = await prepared('id,at\n1,2026-07-15T12:00\n', [of('id'), at, of('on', { column: 'at' })])
    expect(found.sorted?.split('\n')[1]).toBe('1,2026-07-15 10:00:00+00,2026-07-15T12:00')
  })

  test('that there is not stays for the server to reject, which knows its line', async () => {
    const found = await prepared('id,at\n1,2026-07-15T12:00\n2,2026-03-29T02:30\n', [of('id'), at])
    expect(found.sorted).toBe('id,at\n1,2026-07-15 10:00:00+00\n2,2026-03-29T02:30\n')
    expect(found.places).toEqual([
      { row: 1, file: 'people.csv', line: null },
      { row: 2, file: 'people.csv', line: 3 },
      { row: 3, file: 'people.csv', line: null },
    ])
  })
})

describe('values that will be rejected', () => {
  test('are told with the lines of their rows, in the order of the sorted file', async () => {
    const text = 'id,on\n3,soon\n2,"2026-02-29"\n1,2026-11-21\n'
    expect((await prepared(text, [of('id'), of('on')])).places).toEqual([
      { row: 1, file: 'people.csv', line: null },
      { row: 2, file: 'people.csv', line: 3 },
      { row: 3, file: 'people.csv', line: 2 },
      { row: 4, file: 'people.csv', line: null },
    ])
  })

  test('are none in most files, and then nothing is told', async () => {
    expect((await prepared('id,on\n1,2026-11-21\n', [of('id'), of('on')])).places).toBeUndefined()
  })
})
