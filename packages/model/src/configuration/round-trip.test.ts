import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import {
  type Association,
  cardinalities,
  type EntityType,
  impactDirections,
  type Property,
} from '../entity/entity-model.ts'
import { snakeCase } from './names.ts'
import { parseConfiguration } from './parse-configuration.ts'

/** Names that stay apart in SQL whatever is put behind them: no two share their first letters. */
const names = (prefix: string, max: number) =>
  fc
    .uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}$/), {
      minLength: 1,
      maxLength: max,
      selector: snakeCase,
    })
    .map((found) => found.map((name, index) => `${prefix}${index}x${name}`))

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((value) => value.trim() === value)
const plainTypes = ['string', 'text', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'uuid'] as const

const common = (name: string) => ({
  name: fc.constant(name),
  description: fc.option(text, { nil: undefined }),
  required: fc.boolean(),
})

function scalar(name: string) {
  return fc.oneof(
    fc.record({ ...common(name), type: fc.constantFrom(...plainTypes) }),
    fc.record({
      ...common(name),
      type: fc.constant('enum' as const),
      values: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
    }),
  )
}

/** None, or with a weight in percent. */
const impact = fc.option(
  fc.record({ direction: fc.constantFrom(...impactDirections), weight: fc.integer({ min: 0, max: 100 }) }),
  { nil: undefined },
)

function property(name: string, targets: readonly string[]): fc.Arbitrary<Property> {
  return fc.oneof(
    scalar(name),
    fc.record({ ...common(name), type: fc.constantFrom('file' as const, 'secret' as const) }),
    fc.record({
      ...common(name),
      type: fc.constant('reference' as const),
      to: fc.constantFrom(...targets),
      impact,
    }),
  )
}

const all = <T>(arbitraries: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T[]> => fc.tuple(...arbitraries)

const model = fc.tuple(names('t', 4), names('a', 3)).chain(([types, links]) =>
  fc.record({
    entityTypes: all(
      types.map((name) =>
        fc
          .record({
            abstract: fc.boolean(),
            description: fc.option(text, { nil: undefined }),
            own: names('p', 4),
          })
          .chain(({ own, ...rest }) =>
            all(own.map((one) => property(one, types))).map(
              (properties): EntityType => ({
                name,
                extends: undefined,
                display: properties.find(({ type }) => type !== 'secret')?.name,
                properties,
                ...rest,
              }),
            ),
          ),
      ),
    ),
    associations: all(
      links.map((name) =>
        names('l', 3).chain((own) =>
          fc.record({
            name: fc.constant(name),
            description: fc.constant(undefined),
            from: fc.constantFrom(...types),
            to: fc.constantFrom(...types),
            cardinality: fc.constantFrom(...cardinalities),
            properties: all(own.map(scalar)),
            impact,
          }),
        ),
      ),
    ),
  }),
)

/** As a person would write it: short where nothing more is to be said. */
function written({ name: _, ...rest }: Property): unknown {
  const isShort = !rest.required && rest.description === undefined && !('to' in rest || 'values' in rest)
  return isShort ? rest.type : rest
}

const withProperties = <T extends EntityType | Association>({ name, ...rest }: T) => [
  name,
  { ...rest, properties: Object.fromEntries(rest.properties.map((one) => [one.name, written(one)])) },
]

test('a model that is written down and read again is the same model', () => {
  fc.assert(
    fc.property(model, ({ entityTypes, associations }) => {
      const yaml = stringify({
        entityTypes: Object.fromEntries(entityTypes.map(withProperties)),
        associations: Object.fromEntries(associations.map(withProperties)),
      })
      const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: yaml }])
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
      expect([...(configuration?.model.entityTypes.values() ?? [])]).toEqual(entityTypes)
      expect([...(configuration?.model.associations.values() ?? [])]).toEqual(associations)
    }),
  )
})

test('whatever stands in a file, it ends in findings and never in an exception', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.anything({ maxDepth: 4, withNullPrototype: false }).map((value) => {
      try {
        return stringify({
          entityTypes: { A: value },
          sources: { s: { entities: { A: value }, thresholds: value } },
        })
      } catch {
        return ''
      }
    }),
  )
  fc.assert(
    fc.property(anything, (yaml) => {
      const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: yaml }])
      expect(configuration === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
    }),
  )
})
