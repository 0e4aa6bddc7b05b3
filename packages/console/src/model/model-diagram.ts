/**
 * The model as a graph: types with their first properties, associations, references, and who extends whom.
 *
 * @module
 */
import type { EntityType, Property } from '@sluice/model'
import type { DrawnEdge, DrawnNode } from '../design/graph-view.tsx'
import { texts } from '../texts/texts.ts'
import type { ReadersLabels } from './labels.ts'
import type { KnownModel } from './use-model.ts'

const mostLines = 8

/** `counts`: how many resources there are of a type, as text. */
export function diagramOf(
  { types, associations }: Pick<KnownModel, 'types' | 'associations'>,
  counts: ReadonlyMap<string, string>,
  chosen: string | undefined,
  labels: ReadersLabels,
): { readonly nodes: readonly DrawnNode[]; readonly edges: readonly DrawnEdge[] } {
  const all = [...types.values()]
  return {
    nodes: all.map((type) =>
      nodeOf(type, ownProperties(type, types), {
        count: counts.get(type.name),
        main: type.name === chosen,
        labels,
      }),
    ),
    edges: [
      ...associations.map(({ name, from, to }) => ({
        id: `association ${name}`,
        from,
        to,
        label: labels.type(name),
      })),
      ...all.flatMap((type) => [
        ...ownProperties(type, types).flatMap((property) => referenceEdge(type.name, property, labels)),
        ...(type.extends === undefined
          ? []
          : [
              {
                id: `extends ${type.name}`,
                from: type.name,
                to: type.extends,
                label: texts.model.extendsEdge,
                dashed: true,
              },
            ]),
      ]),
    ],
  }
}

/** Without those that it inherits: these stand at the type that has them. */
function ownProperties(type: EntityType, types: KnownModel['types']): readonly Property[] {
  const inherited = type.extends === undefined ? undefined : types.get(type.extends)
  return type.properties.filter(
    ({ name }) => !inherited?.properties.some((property) => property.name === name),
  )
}

interface Shown {
  readonly count: string | undefined
  readonly main: boolean
  readonly labels: ReadersLabels
}

function nodeOf(
  { name, abstract }: EntityType,
  properties: readonly Property[],
  { count, main, labels }: Shown,
): DrawnNode {
  const shown = properties.length > mostLines ? properties.slice(0, mostLines - 1) : properties
  const rest = properties.length - shown.length
  return {
    id: name,
    title: labels.type(name),
    subtitle: [abstract ? [texts.model.abstract] : [], count ?? []].flat().join(' · '),
    lines: [
      ...shown.map((property) => `${labels.property(name, property.name)}: ${kindOf(property, labels)}`),
      ...(rest > 0 ? [texts.model.more(String(rest))] : []),
    ],
    main,
  }
}

function referenceEdge(from: string, property: Property, labels: ReadersLabels): readonly DrawnEdge[] {
  if (property.type !== 'reference') return []
  return [
    {
      id: `reference ${from}.${property.name}`,
      from,
      to: property.to,
      label: labels.property(from, property.name),
      dashed: true,
    },
  ]
}

export function kindOf(property: Property, labels: ReadersLabels): string {
  return property.type === 'reference' ? texts.model.reference(labels.type(property.to)) : property.type
}
