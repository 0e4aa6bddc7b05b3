import { entityColumns, type Property } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import {
  entityMapping,
  entityType,
  modelOf,
  type Properties,
  referenceTo,
  textOf,
} from '../../test/small-model.ts'
import { entityShape, nameOfStaged, stagedNames } from './entity-shape.ts'

const photo: Property = { name: 'photo', type: 'file', required: false }
const model = modelOf([
  entityType('Person', ['number', 'lastName', 'alias', photo, referenceTo('Person', 'boss')]),
])
const shapeOf = (properties: Properties, lookedUp: readonly string[] = []) =>
  entityShape(model, entityMapping('Person', properties), new Set(lookedUp))

describe('the staged columns', () => {
  test('bear the names of properties, whatever the source calls its own', () => {
    const { columns } = shapeOf({ number: 'Nr.', lastName: '"); drop table person --' })
    expect(columns).toEqual(['number', 'last_name'])
  })

  test('that feed several properties bear the name of the first and are staged once', () => {
    const shape = shapeOf({ number: 'No', lastName: 'Name', alias: 'Name' })
    expect(shape.columns).toEqual(['number', 'last_name'])
    expect(shape.values.map(({ column, staged }) => [column, textOf(staged)])).toEqual([
      ['number', '"number"'],
      ['last_name', '"last_name"'],
      ['alias', '"last_name"'],
    ])
  })

  test('of a file are its content, its name and its media type', () => {
    const file = { column: 'Photo', fileNameColumn: 'Photo name', mediaTypeColumn: 'Photo type' }
    const shape = shapeOf({ number: 'No', photo: file })
    expect(shape.columns).toEqual(['number', 'photo', 'photo.filename', 'photo.mediatype'])
    expect(shape.values.map(({ column }) => column)).toEqual([
      'number',
      'photo',
      'photo_filename',
      'photo_mediatype',
    ])
  })

  test('of the key and a reference may be one', () => {
    const shape = shapeOf({ number: 'No', boss: { column: 'No', by: 'number' } })
    expect(shape.columns).toEqual(['number'])
    expect(shape.references.map(({ staged }) => textOf(staged))).toEqual(['"number"'])
  })

  test('of a name and of a value of the same column are two where they are read in two ways', () => {
    const number: Property = { name: 'number', type: 'integer', required: false }
    const numbered = modelOf([entityType('Person', [number, 'alias', referenceTo('Person', 'boss')])])
    const properties = { number: 'No', alias: 'No', boss: { column: 'Boss', by: 'number' } }
    const shape = entityShape(numbered, entityMapping('Person', properties), new Set())
    expect(shape.columns).toEqual(['number', 'alias', 'boss'])
    expect(shape.keyName).toBe('number')
    expect(shape.values.map(({ column, staged }) => [column, textOf(staged)])).toEqual([
      ['number', '"number"'],
      ['alias', '"alias"'],
    ])
  })

  test('that nothing feeds have no name', () => {
    const mapping = entityMapping('Person', { number: 'No' })
    const names = stagedNames(mapping.properties, entityColumns(mapping, model))
    expect(() => nameOfStaged(names, 'Name')).toThrow('Column Name feeds nothing')
  })
})

describe('the key of a shape', () => {
  test('is a staged column under the name that it has in the table', () => {
    const shape = shapeOf({ number: 'No', lastName: 'Name' })
    expect([shape.keyName, textOf(shape.key)]).toEqual(['number', '"number"'])
  })

  test('bears the name of another property where that one came first', () => {
    const mapping = { ...entityMapping('Person', { alias: 'No', number: 'No' }), key: 'number' }
    expect(entityShape(model, mapping, new Set()).keyName).toBe('alias')
  })
})

describe('the length of a staged value is looked at', () => {
  /** Staged columns of the checks that a value is not too long for an index. */
  const measured = (properties: Properties, lookedUp?: readonly string[]) =>
    shapeOf(properties, lookedUp)
      .checks.filter(({ expected }) => expected.startsWith('at most'))
      .map(({ sourceColumn }) => sourceColumn)

  test('where it is the key', () => {
    expect(measured({ number: 'No', lastName: 'Name' })).toEqual(['No'])
  })

  test('where something else is found by it', () => {
    expect(measured({ number: 'No', lastName: 'Name' }, ['lastName'])).toEqual(['No', 'Name'])
  })

  test('where it is looked up itself', () => {
    expect(measured({ number: 'No', boss: { column: 'Boss', by: 'number' } })).toEqual(['Boss', 'No'])
  })
})
