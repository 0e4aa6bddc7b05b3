import type { EntityModel, Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { association, entity, prepareText } from '../test/prepare-text.ts'

const integer = (name: string, required = false): Property => ({ name, type: 'integer', required })
const string = (name: string, required = false): Property => ({ name, type: 'string', required })

function person(...properties: Property[]): EntityModel {
  const type = { name: 'Person', abstract: false, properties }
  return { entityTypes: new Map([['Person', type]]), associations: new Map() }
}

async function prepared(text: string, model: EntityModel, columns = ['id', 'age', 'name']) {
  const found = await prepareText({ files: { 'people.csv': text }, entities: [entity(columns)], model })
  return {
    sorted: found.files['Person.sorted.csv'],
    duplicates: found.files['Person.duplicates.csv'],
    rejected: found.rejected.map(
      ({ line, column, text: row, reason }) => `${line} ${column}: ${row}: ${reason}`,
    ),
    rejections: found.rejected,
    counts: found.manifest.files[0],
  }
}

describe('of several rows with one key', () => {
  const model = person(string('id'), integer('age'), string('name', true))

  test('the first that is sound stays; those before it are rejected with line, column and reason', async () => {
    const found = await prepared('id,age,name\n1,old,A\n2,7,X\n1,,\n1,30,B\n1,31,C\n1,no,D\n', model)
    expect(found.sorted).toBe('id,age,name\n1,30,B\n2,7,X\n')
    expect(found.rejected).toEqual(['4 name: 1,,: a value is required', '2 age: 1,old,A: not a whole number'])
    expect(found.duplicates).toBe('id,age,name\n1,31,C\n1,no,D\n')
    expect(found.counts).toMatchObject({ read: 6, rejected: 2, duplicate: 2, rows: 2 })
  })

  test('the first stays where none is sound, so that the server tells why', async () => {
    const found = await prepared('id,age,name\n1,x,A\n1,y,B\n1,z,C\n', model)
    expect(found.sorted).toBe('id,age,name\n1,x,A\n')
    expect(found.rejected).toEqual(['3 age: 1,y,B: not a whole number', '4 age: 1,z,C: not a whole number'])
    expect(found.counts).toMatchObject({ read: 3, rejected: 2, duplicate: 0, rows: 1 })
  })

  test('the first stays where it is sound, whatever follows', async () => {
    const found = await prepared('id,age,name\n1,1,A\n1,x,B\n', model)
    expect(found).toMatchObject({
      sorted: 'id,age,name\n1,1,A\n',
      duplicates: 'id,age,name\n1,x,B\n',
      rejected: [],
    })
  })

  test('values are read as they stand, with quotes, line breaks and control characters', async () => {
    const odd: Property = { name: 'name', type: 'enum', values: ['say "a",\n\x01b'], required: false }
    const rows = 'id,age,name\n1,1,"say ""b"""\n1,2,"say ""a"",\n\x01b"\n'
    const found = await prepared(rows, person(string('id'), integer('age'), odd))
    expect(found.sorted).toBe('id,age,name\n1,2,"say ""a"",\n\x01b"\n')
    expect(found.rejected).toHaveLength(1)
  })

  test('a local time in a form of its own is sound, and one that its zone never shows is not', async () => {
    const seen: Property = { name: 'seen', type: 'datetime', required: false }
    const local = { property: 'seen', column: 'seen', format: 'dd/MM/yyyy HH:mm', timeZone: 'Europe/Berlin' }
    const plain = ['id', 'age'].map((name) => ({ property: name, column: name }))
    const found = await prepareText({
      files: {
        'people.csv':
          'id,age,seen\n1,old,03/02/2009 14:30\n1,7,29/03/2026 02:30\n1,8,03/02/2009 15:30\n1,9,03/02/2009 16:30\n',
      },
      entities: [entity(['id'], { properties: [...plain, local] })],
      model: person(string('id'), integer('age'), seen),
    })
    expect(found.files['Person.sorted.csv']).toBe('id,age,seen\n1,8,2009-02-03 14:30:00+00\n')
    expect(found.rejected.map(({ line, column }) => [line, column])).toEqual([
      [3, 'seen'],
      [2, 'age'],
    ])
  })

  test('the line is told of the part file that the row is in', async () => {
    const found = await prepareText({
      files: { 'people/a.csv': 'id,age,name\n9,9,Z\n', 'people/b.csv': 'id,age,name\n1,x,A\n1,1,B\n' },
      entities: [entity(['id', 'age', 'name'], { file: 'people' })],
      model,
    })
    expect(found.rejected.map(({ file, line }) => [file, line])).toEqual([['people/b.csv', 2]])
  })

  test('the same holds for the pairs of an association', async () => {
    const link = { name: 'member', from: 'Person', to: 'Person', cardinality: 'many-to-one' } as const
    const found = await prepareText({
      files: { 'members.csv': 'a,b,since\n1,x,yesterday\n1,y,2026-01-02\n1,z,2026-01-03\n2,x,\n' },
      associations: [association('a', 'b', { properties: [{ property: 'since', column: 'since' }] })],
      model: {
        entityTypes: new Map(),
        associations: new Map([
          ['member', { ...link, properties: [{ name: 'since', type: 'date', required: false }] }],
        ]),
      },
    })
    expect(found.files['member.sorted.csv']).toBe('a,b,since\n1,y,2026-01-02\n2,x,\n')
    expect(found.files['member.duplicates.csv']).toBe('a,b,since\n1,z,2026-01-03\n')
    expect(found.rejected.map(({ line, column }) => [line, column])).toEqual([[2, 'since']])
  })
})
