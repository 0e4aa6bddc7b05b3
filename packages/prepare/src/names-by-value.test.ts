import type { AssociationMapping, EntityMapping, EntityModel, Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { association, entity, prepareText } from '../test/prepare-text.ts'

const of = (name: string, type: 'integer' | 'uuid' | 'date' | 'decimal' | 'string'): Property => ({
  name,
  type,
  required: false,
})

/** People whose key is of the given type, who have a chief. */
function modelOf(
  id: Property['type'],
  cardinality: 'many-to-many' | 'many-to-one' = 'many-to-many',
): EntityModel {
  const properties: Property[] = [
    { name: 'id', type: id, required: false } as Property,
    of('name', 'string'),
    { name: 'chief', type: 'reference', to: 'Person', required: false },
  ]
  const member = { name: 'member', from: 'Person', to: 'Person', cardinality, properties: [] }
  return {
    entityTypes: new Map([['Person', { name: 'Person', abstract: false, properties }]]),
    associations: new Map([['member', member]]),
  }
}

const properties = [
  { property: 'id', column: 'id' },
  { property: 'name', column: 'name' },
  { property: 'chief', column: 'chief', by: 'id' },
]
const people = (parts: Partial<EntityMapping> = {}) =>
  entity(['id', 'name', 'chief'], { properties, ...parts })

async function prepared(text: string, id: Property['type'], parts: Partial<EntityMapping> = {}) {
  const found = await prepareText({
    files: { 'people.csv': text },
    entities: [people(parts)],
    model: modelOf(id),
  })
  return {
    sorted: found.files['Person.sorted.csv'],
    duplicates: found.files['Person.duplicates.csv'],
    nullpk: found.files['Person.nullpk.csv'],
    rejected: found.rejected.map(({ line, column, reason }) => `${line} ${column}: ${reason}`),
    rejections: found.rejected,
    notes: found.manifest.notes,
    counts: found.manifest.files[0],
  }
}

describe('keys that are numbers', () => {
  test('are one key where they are one number; the first row stays, and the report says so', async () => {
    const found = await prepared('id,name,chief\n05,A,\n5,B,\n+5,C,\n10,D,\n9,E,\n', 'integer')
    expect(found.sorted).toBe('id,name,chief\n10,D,\n5,A,\n9,E,\n')
    expect(found.duplicates).toBe('id,name,chief\n5,B,\n5,C,\n')
    expect(found.counts).toMatchObject({ read: 5, duplicate: 2, rows: 3 })
    expect(found.notes).toEqual([
      'Person: 2 values of the column id are compared by what they say, not as written: 05 is read as 5',
      'Person: 1 duplicate has the key of another row in another spelling (people.csv, line 3); the first row stays',
    ])
  })

  test('that are none reject their row, with its line and column', async () => {
    const found = await prepared('id,name,chief\nx5,A,\n7,B,\n,C,\n', 'integer')
    expect(found.rejected).toEqual(['2 id: not a whole number'])
    expect(found.sorted).toBe('id,name,chief\n7,B,\n')
    expect(found.nullpk).toBe('id,name,chief\n,C,\n')
    expect(found.counts).toMatchObject({ read: 3, rejected: 1, nullKey: 1, rows: 1 })
  })

  test('are named by references in any spelling; one that is no number names nobody and rejects nothing', async () => {
    const found = await prepared('id,name,chief\n1,A,\n2,B,001\n3,C,nobody\n', 'integer')
    expect(found.sorted).toBe('id,name,chief\n1,A,\n2,B,1\n3,C,nobody\n')
    expect(found.rejected).toEqual([])
  })

  test('of rows that could not be read are known by what they say', async () => {
    const found = await prepared('id,name,chief\n1,A,\n0042,too,many,fields\n', 'integer')
    expect(found.rejections[0]?.fields).toEqual(expect.arrayContaining(['0042', '42']))
  })

  test('in quotes are numbers, too', async () => {
    const found = await prepared('id,name,chief\n"1,000","A, B","2,000"\n', 'integer', {
      properties: properties.map((each) =>
        each.column === 'name'
          ? each
          : { ...each, thousandsSeparator: ',' as const, decimalSeparator: '.' as const },
      ),
    })
    expect(found.sorted).toBe('id,name,chief\n1000,"A, B",2000\n')
  })

  test('stay as they are in a property that takes the same column for a text', async () => {
    const found = await prepared('id,chief\n0042,\n', 'integer', {
      properties: [
        { property: 'id', column: 'id' },
        { property: 'name', column: 'id' },
        { property: 'chief', column: 'chief', by: 'id' },
      ],
    })
    expect(found.sorted).toBe('id as integer,id,chief\n42,0042,\n')
  })
})

describe('keys that are UUIDs', () => {
  const upper = 'D9D0B1A4-0000-4000-8000-00000000000A'
  const lower = upper.toLowerCase()

  test('are one in capitals and in small letters, on both ways of prepare, and no news where all are in capitals', async () => {
    const rows = `id,name,chief\n${upper},A,\n${lower.replace(/a$/, 'b')},B,${upper}\n`
    const quick = await prepared(rows, 'uuid')
    const careful = await prepared(`${rows}broken\n`, 'uuid')
    expect(quick.sorted).toBe(`id,name,chief\n${lower},A,\n${lower.replace(/a$/, 'b')},B,${lower}\n`)
    expect(careful.sorted).toBe(quick.sorted)
    expect(quick.notes).toEqual([])
  })

  test('in both are duplicates of one another', async () => {
    const found = await prepared(`id,name,chief\n${upper},A,\n${lower},B,\n`, 'uuid')
    expect(found.counts).toMatchObject({ duplicate: 1, rows: 1 })
    expect(found.notes).toHaveLength(1)
  })
})

describe('keys in a format of their own', () => {
  test('are compared as dates, and references are read in the same format or as Sluice writes it', async () => {
    const format = 'd.M.yyyy'
    const found = await prepared(
      'id,name,chief\n5.1.2026,A,\n05.01.2026,B,\n6.1.2026,C,05.1.2026\n7.1.2026,D,2026-01-05\n',
      'date',
      {
        properties: properties.map((each) => (each.column === 'name' ? each : { ...each, format })),
      },
    )
    expect(found.sorted).toBe(
      'id,name,chief\n2026-01-05,A,\n2026-01-06,C,2026-01-05\n2026-01-07,D,2026-01-05\n',
    )
    expect(found.counts).toMatchObject({ duplicate: 1, rows: 3 })
  })

  test('must have that format', async () => {
    const found = await prepared('id,name,chief\n2026-01-05,A,\n', 'date', {
      properties: properties.map((each) => (each.column === 'id' ? { ...each, format: 'dd/MM/yyyy' } : each)),
    })
    expect(found.rejected).toEqual(['2 id: not a date in the form dd/MM/yyyy'])
  })

  test('of decimals are one value whatever zeros they end with', async () => {
    const found = await prepared('id,name,chief\n"19,0",A,\n19,B,"19,00"\n', 'decimal', {
      properties: properties.map((each) =>
        each.column === 'name' ? each : { ...each, decimalSeparator: ',' as const },
      ),
    })
    expect(found.sorted).toBe('id,name,chief\n19,A,\n')
    expect(found.counts).toMatchObject({ duplicate: 1 })
  })
})

describe('the ends of links', () => {
  const pairs = async (
    text: string,
    parts: Partial<AssociationMapping> = {},
    cardinality?: 'many-to-one',
  ) => {
    const found = await prepareText({
      files: { 'members.csv': text },
      associations: [association('a', 'b', parts)],
      model: modelOf('integer', cardinality),
    })
    return { sorted: found.files['member.sorted.csv'], counts: found.manifest.files[0] }
  }

  test('are read by what they are looked up by: one pair in two spellings is one pair', async () => {
    const found = await pairs('a,b\n01,2\n1,002\n1,3\n')
    expect(found.sorted).toBe('a,b\n1,2\n1,3\n')
    expect(found.counts).toMatchObject({ duplicate: 1, rows: 2 })
  })

  test('that may have one link only have one whatever their spelling', async () => {
    const found = await pairs('a,b\n01,2\n1,3\n', {}, 'many-to-one')
    expect(found.sorted).toBe('a,b\n1,2\n')
  })
})
