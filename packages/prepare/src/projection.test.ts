import type { Cardinality, EntityMapping } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { association, entity, model, sourceOf } from '../test/prepare-text.ts'
import { projectionsOf } from './projection.ts'

/** The projections of a source, the first of them by itself. */
function projected(of: Parameters<typeof sourceOf>[1], cardinality: Cardinality = 'many-to-many') {
  const all = projectionsOf(sourceOf('/', of), model(cardinality))
  const [first] = all
  if (first === undefined) throw new Error('There is no mapping.')
  return { all, first }
}

const people = (columns: readonly string[], part?: Partial<EntityMapping>) =>
  projected({ entities: [entity(columns, part)] }).first

describe('the projection of an entity mapping', () => {
  test('takes the mapped columns in the order of the properties, each once', () => {
    const properties = [
      { property: 'id', column: 'No' },
      { property: 'name', column: 'Name' },
      { property: 'alias', column: 'Name' },
    ]
    expect(people(['id'], { properties }).columns).toEqual(['No', 'Name'])
  })

  test('takes the name and the type of a file behind its content', () => {
    const photo = { property: 'photo', column: 'P', fileNameColumn: 'P name', mediaTypeColumn: 'P type' }
    const properties = [photo, { property: 'id', column: 'No' }]
    expect(people(['id'], { properties }).columns).toEqual(['P', 'P name', 'P type', 'No'])
  })

  test('is unique by, sorted by and in need of the column of its key, wherever that stands', () => {
    const { columns, unique, order, required } = people(['name', 'id'], { key: 'id' })
    expect(columns).toEqual(['name', 'id'])
    expect({ unique, order, required }).toEqual({ unique: [1], order: [1], required: [1] })
  })

  test('names columns that it has, each once, whatever is mapped', () => {
    const column = fc.constantFrom('a', 'b', 'c', 'd')
    const mapped = fc.record(
      { property: fc.uuid(), column, fileNameColumn: column, mediaTypeColumn: column },
      { requiredKeys: ['property', 'column'] },
    )
    fc.assert(
      fc.property(fc.array(mapped, { minLength: 1 }), fc.nat(), (properties, at) => {
        const key = properties[at % properties.length]?.property ?? ''
        const { columns, unique } = people(['id'], { properties, key })
        expect(columns).toEqual([...new Set(columns)])
        expect(columns[unique[0] ?? -1]).toBe(properties.find(({ property }) => property === key)?.column)
      }),
    )
  })
})

describe('the projection of an association mapping', () => {
  const ends = association('person', 'boss', { properties: [{ property: 'since', column: 'since' }] })
  const of = (cardinality: Cardinality) => projected({ associations: [ends] }, cardinality).first

  test('takes the columns of its ends first', () => {
    expect(of('many-to-many').columns).toEqual(['person', 'boss', 'since'])
  })

  test.each<[Cardinality, readonly string[]]>([
    ['many-to-many', ['person', 'boss']],
    ['many-to-one', ['person']],
    ['one-to-many', ['boss']],
  ])('that is %s has one row at most for each %j, and needs both ends', (cardinality, key) => {
    const { columns, unique, order, required } = of(cardinality)
    expect(unique.map((at) => columns[at])).toEqual(key)
    expect([order, required]).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  test('whose ends are one column takes it once', () => {
    const { columns, order } = projected({ associations: [association('id', 'id')] }).first
    expect([columns, order]).toEqual([['id'], [0, 0]])
  })

  test('comes behind the entity mappings', () => {
    const { all } = projected({ entities: [entity(['id'])], associations: [ends] })
    expect(all.map(({ mapping }) => mapping)).toEqual(['Person', 'member'])
  })
})

describe('an association in the file of an entity', () => {
  const rows = association('id', 'boss', { file: './people.csv' })
  const inline = (cardinality: Cardinality, file = 'people.csv') =>
    projected({ entities: [entity(['id'], { file })], associations: [rows] }, cardinality).all[1]?.inline

  test.each<[Cardinality, { own: number; target: number }]>([
    ['many-to-one', { own: 0, target: 1 }],
    ['one-to-many', { own: 1, target: 0 }],
    // A person to a person: which end is the row's own cannot be told, and is taken to be the second.
    ['many-to-many', { own: 1, target: 0 }],
  ])('that is %s has its own end and a target: %j', (cardinality, expected) => {
    expect(inline(cardinality)).toEqual(expected)
  })

  test('is none where the file is another', () => {
    expect(inline('many-to-one', 'persons.csv')).toBeUndefined()
  })

  test('that is many-to-many has the row’s own end where the type of the row stands', () => {
    const to = (from: string, target: string) => {
      const source = sourceOf('/', { entities: [entity(['id'])], associations: [rows] })
      const member = {
        name: 'member',
        from,
        to: target,
        cardinality: 'many-to-many',
        properties: [],
      } as const
      const known = { entityTypes: new Map(), associations: new Map([['member', member]]) }
      return projectionsOf(source, known)[1]?.inline
    }
    expect(to('Person', 'Team')).toEqual({ own: 0, target: 1 })
    expect(to('Team', 'Person')).toEqual({ own: 1, target: 0 })
  })
})
