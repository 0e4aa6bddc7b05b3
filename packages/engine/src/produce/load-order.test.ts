import type { EntityModel, EntityType } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entityMapping, entityType, modelOf, referenceTo } from '../../test/small-model.ts'
import { entityShape } from '../sql/entity-shape.ts'
import { loadOrder } from './load-order.ts'

const none: ReadonlySet<string> = new Set()

/** The names of the types in the order of loading, where each is mapped with all of its references. */
function orderOf(model: EntityModel, mapped: readonly string[]): readonly string[] {
  const entities = mapped.map((name) => {
    const references =
      model.entityTypes.get(name)?.properties.filter(({ type }) => type === 'reference') ?? []
    const properties = references.map(({ name: property }) => [property, { column: property, by: 'id' }])
    return {
      shape: entityShape(model, entityMapping(name, { id: 'id', ...Object.fromEntries(properties) }), none),
    }
  })
  return loadOrder(model, entities).map(({ shape }) => shape.type.name)
}

/** A type that refers to others. */
const type = (name: string, to: readonly string[] = [], part: Partial<EntityType> = {}) =>
  entityType(name, ['id', ...to.map((target) => referenceTo(target))], part)

describe('the order of loading', () => {
  test('is that of the configuration where nothing refers to anything', () => {
    expect(orderOf(modelOf([type('A'), type('B'), type('C')]), ['C', 'A', 'B'])).toEqual(['C', 'A', 'B'])
  })

  test('puts what is referred to first, through any number of steps', () => {
    const model = modelOf([type('Person', ['Team']), type('Team', ['Site']), type('Site')])
    expect(orderOf(model, ['Person', 'Team', 'Site'])).toEqual(['Site', 'Team', 'Person'])
  })

  test('puts every type first that may stand where a base type is referred to', () => {
    const model = modelOf([
      type('Person', ['Unit']),
      type('Unit', [], { abstract: true }),
      type('Team', [], { extends: 'Unit' }),
      type('Site', [], { extends: 'Unit' }),
    ])
    expect(orderOf(model, ['Person', 'Team', 'Site'])).toEqual(['Team', 'Site', 'Person'])
  })

  test('passes over a target that the source does not map', () => {
    const model = modelOf([type('Person', ['Team']), type('Team')])
    expect(orderOf(model, ['Person'])).toEqual(['Person'])
  })

  test('loads a type that refers to itself once', () => {
    expect(orderOf(modelOf([type('Person', ['Person'])]), ['Person'])).toEqual(['Person'])
  })

  const names = ['A', 'B', 'C', 'D', 'E', 'F']

  test('holds each type once, whatever refers to what and in whatever circles', () => {
    const references = fc.tuple(...names.map(() => fc.subarray(names)))
    fc.assert(
      fc.property(references, fc.shuffledSubarray(names), (to, mapped) => {
        const order = orderOf(modelOf(names.map((name, index) => type(name, to[index]))), mapped)
        expect([...order].sort()).toEqual([...mapped].sort())
      }),
    )
  })

  test('puts each target before who refers to it where there is no circle', () => {
    // Who refers only to what stands behind it cannot be in a circle.
    const references = fc.tuple(...names.map((_, index) => fc.subarray(names.slice(index + 1))))
    fc.assert(
      fc.property(references, fc.shuffledSubarray(names), (to, mapped) => {
        const order = orderOf(modelOf(names.map((name, index) => type(name, to[index]))), mapped)
        for (const [index, name] of names.entries()) {
          for (const target of to[index] ?? []) {
            if (order.includes(name) && order.includes(target))
              expect(order.indexOf(target)).toBeLessThan(order.indexOf(name))
          }
        }
      }),
    )
  })
})
