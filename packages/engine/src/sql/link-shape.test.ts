import { describe, expect, test } from 'vitest'
import {
  association,
  associationMapping,
  entityType,
  modelOf,
  textOf,
  textProperty,
} from '../../test/small-model.ts'
import { linkShape, singleEnd } from './link-shape.ts'

const properties = [{ name: 'role', type: 'string', required: false } as const]
const model = modelOf(
  [entityType('Person', [textProperty('number')]), entityType('Team', [textProperty('code')])],
  [association('Member', { properties })],
)

describe('the staged columns of a link', () => {
  test('are its ends, under names that no property has, and its properties', () => {
    const shape = linkShape(model, associationMapping('Member', 'Person no', 'Team code', { role: 'As' }))
    expect(shape.columns).toEqual(['_from_value', '_to_value', 'role'])
    expect([textOf(shape.from), textOf(shape.to)]).toEqual(['"_from_value"', '"_to_value"'])
  })

  test('that feed an end and a property bear the name of the end', () => {
    const shape = linkShape(
      model,
      associationMapping('Member', 'Person no', 'Team code', { role: 'Team code' }),
    )
    expect(shape.columns).toEqual(['_from_value', '_to_value'])
    expect(shape.values.map(({ column, staged }) => [column, textOf(staged)])).toEqual([
      ['role', '"_to_value"'],
    ])
  })

  test('that feed both ends are staged once', () => {
    const shape = linkShape(model, associationMapping('Member', 'Same', 'Same'))
    expect(shape.columns).toEqual(['_from_value'])
    expect(textOf(shape.to)).toBe('"_from_value"')
  })

  test('are measured at both ends, which stand in one index', () => {
    const { checks } = linkShape(
      model,
      associationMapping('Member', 'Person no', 'Team code', { role: 'As' }),
    )
    const measured = checks.filter(({ expected }) => expected.startsWith('at most'))
    expect(measured.map(({ sourceColumn }) => sourceColumn)).toEqual(['Person no', 'Team code'])
  })
})

test.each([
  ['many-to-many', undefined],
  ['many-to-one', 'from'],
  ['one-to-many', 'to'],
] as const)('a %s association has one link at most at: %s', (cardinality, end) => {
  expect(singleEnd(association('Member', { cardinality }))).toBe(end)
})
