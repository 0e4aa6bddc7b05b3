/**
 * What whoever looks calls the things of a model: labels in their language, and names where there are none.
 *
 * @module
 */
import type { EntityModel, Labelled, Labeller, Property } from '@sluice/model'
import { labelledValue } from './labelled-values.ts'

export interface Called {
  /** An entity type or association. */
  type(name: string): string
  /** A property of one. */
  property(type: string, name: string): string
  /** An end of an association: what the resources there are to the others. */
  end(association: string, end: 'from' | 'to'): string
  /** A value of it: those of enums have labels. */
  value(type: string, property: string, value: unknown): unknown
  /** Values by property, each property as it is called. */
  values(type: string, values: Values | null): Values | null
}

type Values = Readonly<Record<string, unknown>>

/** Things by what machines call them. */
export const byName: Called = {
  type: (name) => name,
  property: (_type, name) => name,
  end: (_association, end) => end,
  value: (_type, _property, value) => value,
  values: (_type, values) => values,
}

export function calledIn(
  { entityTypes, associations }: Pick<EntityModel, 'entityTypes' | 'associations'>,
  labels: Labeller,
): Called {
  const types = [...entityTypes.values(), ...associations.values()]
  const typesCalled = unmistakable(types, labels)
  const properties = new Map<string, ReadonlyMap<string, Property>>(
    types.map((type) => [type.name, new Map(type.properties.map((property) => [property.name, property]))]),
  )
  const propertiesCalled = new Map(types.map((type) => [type.name, unmistakable(type.properties, labels)]))
  const property = (type: string, name: string) => propertiesCalled.get(type)?.get(name) ?? name
  const value = (type: string, name: string, one: unknown) =>
    labelledValue(properties.get(type)?.get(name), one, labels)
  return {
    type: (name) => typesCalled.get(name) ?? name,
    property,
    end: (association, end) => {
      const known = associations.get(association)
      return labels.among(end === 'from' ? known?.fromLabels : known?.toLabels, end)
    },
    value,
    values: (type, values) =>
      values &&
      Object.fromEntries(
        Object.entries(values).map(([name, one]) => [property(type, name), value(type, name, one)]),
      ),
  }
}

/** By name. A label that several have, or that is the name of another one, says too little alone: `Name (lastName)`. */
function unmistakable(things: readonly Labelled[], labels: Labeller): ReadonlyMap<string, string> {
  const names = new Set(things.map(({ name }) => name))
  const uses = new Map<string, number>()
  for (const thing of things) uses.set(labels.of(thing), (uses.get(labels.of(thing)) ?? 0) + 1)
  return new Map(
    things.map((thing) => {
      const { name } = thing
      const label = labels.of(thing)
      const mistakable = label !== name && (names.has(label) || (uses.get(label) ?? 0) > 1)
      return [name, mistakable ? `${label} (${name})` : label]
    }),
  )
}
