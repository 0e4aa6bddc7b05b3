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
  /** A value of it: those of enums have labels. */
  value(type: string, property: string, text: string): string
  /** What the resources at an end of an association are to the others; the association where that says nothing. */
  end(association: string, end: 'from' | 'to'): string
}

export function labelsOf(model: KnownModel | undefined): ReadersLabels {
  const associations = new Map(model?.associations.map((one) => [one.name, one]))
  const all = [...(model?.types.values() ?? []), ...associations.values()]
  const types = unmistakable(all)
  const properties = new Map(all.map((one) => [one.name, unmistakable(one.properties)]))
  const enums = new Map(
    all.flatMap(({ name, properties: own }) =>
      own.filter(({ type }) => type === 'enum').map((property) => [`${name}.${property.name}`, property]),
    ),
  )
  const type = (name: string) => types.get(name) ?? name
  return {
    type,
    property: (of, name) => properties.get(of)?.get(name) ?? name,
    value: (of, name, text) => valueLabel(enums.get(`${of}.${name}`), text),
    end: (name, end) => {
      const known = associations.get(name)
      const [label] = Object.values((end === 'from' ? known?.fromLabels : known?.toLabels) ?? {})
      return label ?? type(name)
    },
  }
}

/** As machines do: in what is saved. */
export const byName: ReadersLabels = labelsOf(undefined)

/** A value of an enum has a label, too. */
export function valueLabel(property: Property | undefined, text: string): string {
  if (property?.type !== 'enum') return text
  const [label] = Object.values(property.valueLabels?.[text] ?? {})
  return label ?? text
}

/** `Person.manager`: a property with the type that has it. */
export function pathLabel(path: string, labels: ReadersLabels): string {
  const [type = '', property = ''] = path.split('.')
  return `${labels.type(type)}.${labels.property(type, property)}`
}

/** Values by property, in one line: `First name Ada, State active`. */
export function valuesLabel(
  type: string,
  values: Readonly<Record<string, string>>,
  labels: ReadersLabels,
): string {
  return Object.entries(values)
    .map(([name, text]) => `${labels.property(type, name)} ${labels.value(type, name, text)}`)
    .join(', ')
}

/** To choose among: readers see labels, and what is chosen is a name. */
export function choicesOf(
  names: readonly string[],
  labelOf: (name: string) => string,
): { readonly value: string; readonly label: string }[] {
  return names.map((name) => ({ value: name, label: labelOf(name) }))
}

/** By name. A label that several have, or that is the name of another one, says too little alone: `Name (lastName)`. */
function unmistakable(things: readonly Labelled[]): ReadonlyMap<string, string> {
  const labelOf = ({ name, labels }: Labelled) => Object.values(labels ?? {})[0] ?? name
  const names = new Set(things.map(({ name }) => name))
  const uses = new Map<string, number>()
  for (const thing of things) uses.set(labelOf(thing), (uses.get(labelOf(thing)) ?? 0) + 1)
  return new Map(
    things.map((thing) => {
      const { name } = thing
      const label = labelOf(thing)
      const isMistakable = label !== name && (names.has(label) || (uses.get(label) ?? 0) > 1)
      return [name, isMistakable ? `${label} (${name})` : label]
    }),
  )
}
