/**
 * A model with the labels of whoever looks, and no others.
 *
 * @module
 */

import type { EntityModel, Property } from '../entity/entity-model.ts'
import { type Labels, narrower, type Wanted } from '../entity/label.ts'
import type { StoredModel } from './stored-model.ts'

interface HasLabels {
  readonly labels?: Labels | undefined
}

/** Each thing keeps the one label that is shown, under its language; where there is none, its name is what is shown. */
export function narrowLabels(model: StoredModel, wanted: Wanted): StoredModel {
  const narrow = narrower(model, wanted)
  const properties = <T extends Property>(all: readonly T[]) =>
    all.map((one) => narrowValues(narrowOwn(one, narrow), narrow))
  return {
    ...model,
    entityTypes: mapped(model.entityTypes, (type) => ({
      ...narrowOwn(type, narrow),
      properties: properties(type.properties),
    })),
    associations: mapped(model.associations, (association) => ({
      ...narrowOwn(association, narrow),
      fromLabels: narrow(association.fromLabels),
      toLabels: narrow(association.toLabels),
      properties: properties(association.properties),
    })),
    sources: mapped(model.sources, (source) => narrowOwn(source, narrow)),
  }
}

/** The same of things that stand in a list. */
export function narrowAll<T extends HasLabels>(
  things: readonly T[],
  model: Pick<EntityModel, 'language'>,
  wanted: Wanted,
): readonly T[] {
  const narrow = narrower(model, wanted)
  return things.map((thing) => narrowOwn(thing, narrow))
}

type Narrow = ReturnType<typeof narrower>

function narrowOwn<T extends HasLabels>(thing: T, narrow: Narrow): T {
  return { ...thing, labels: narrow(thing.labels) }
}

function narrowValues<T extends Property>(property: T, narrow: Narrow): T {
  if (property.type !== 'enum' || property.valueLabels === undefined) return property
  const valueLabels = Object.fromEntries(
    Object.entries(property.valueLabels).flatMap(([value, labels]) => {
      const found = narrow(labels)
      return found === undefined ? [] : [[value, found] as const]
    }),
  )
  return { ...property, valueLabels }
}

function mapped<T>(things: ReadonlyMap<string, T>, map: (thing: T) => T): ReadonlyMap<string, T> {
  return new Map([...things].map(([name, thing]) => [name, map(thing)]))
}
