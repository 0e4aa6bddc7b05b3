/**
 * What readers call the things of the model. The server gives labels in their language alone; what has none is called by its name.
 *
 * @module
 */
import type { Labelled, Property } from '@sluice/model'
import type { KnownModel } from './use-model.ts'

export interface ReadersLabels {
  /** An entity type or association. */
  type(name: string): string
  property(type: string, name: string): string
  /** What the resources at an end of an association are to the others; the association where that says nothing. */
  end(association: string, end: 'from' | 'to'): string
}

export function labelsOf(model: KnownModel | undefined): ReadersLabels {
  const associations = new Map(model?.associations.map((one) => [one.name, one]))
  const all = [...(model?.types.values() ?? []), ...associations.values()]
  const types = unmistakable(all)
  const properties = new Map(all.map((one) => [one.name, unmistakable(one.properties)]))
  const type = (name: string) => types.get(name) ?? name
  return {
    type,
    property: (of, name) => properties.get(of)?.get(name) ?? name,
    end: (name, end) => {
      const known = associations.get(name)
      const [label] = Object.values((end === 'from' ? known?.fromLabels : known?.toLabels) ?? {})
      return label ?? type(name)
    },
  }
}

/** A value of an enum has a label, too. */
export function valueLabel(property: Property | undefined, text: string): string {
  if (property?.type !== 'enum') return text
  const [label] = Object.values(property.valueLabels?.[text] ?? {})
  return label ?? text
}

/** By name. A label that several have, or that is the name of another one, says too little alone: `Name (lastName)`. */
function unmistakable(things: readonly Labelled[]): ReadonlyMap<string, string> {
  const labelOf = ({ name, labels }: Labelled) => Object.values(labels ?? {})[0] ?? name
  const others = ({ name }: Labelled) => things.filter((other) => other.name !== name)
  return new Map(
    things.map((thing) => {
      const label = labelOf(thing)
      const isMistakable = others(thing).some((other) => other.name === label || labelOf(other) === label)
      return [thing.name, isMistakable && label !== thing.name ? `${label} (${thing.name})` : label]
    }),
  )
}
