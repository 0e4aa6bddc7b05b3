/**
 * The model as a graph: types with their first properties, associations, references, and who extends whom.
 *
 * @module
 */
import type { EntityType, Property } from '@sluice/model'
import type { DrawnEdge, DrawnNode } from '../design/graph-view.tsx'
import { texts } from '../texts/texts.ts'
import type { KnownModel } from './use-model.ts'

const mostLines = 8

/** `counts`: how many resources there are of a type, as text. */
export function diagramOf(
  { types, associations }: Pick<KnownModel, 'types' | 'associations'>,
  counts: ReadonlyMap<string, string>,
  chosen: string | undefined,
): { readonly nodes: readonly DrawnNode[]; readonly edges: readonly DrawnEdge[] } {
  const all = [...types.values()]
  return {
    nodes: all.map((type) =>
      nodeOf(type, ownProperties(type, types), counts.get(type.name), type.name === chosen),
    ),
    edges: [
      ...associations.map(({ name, from, to }) => ({ id: `association ${name}`, from, to, label: name })),
      ...all.flatMap((type) => [
        ...ownProperties(type, types).flatMap((property) => referenceEdge(type.name, property)),
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

function nodeOf(
  { name, abstract }: EntityType,
  properties: readonly Property[],
  count: string | undefined,
  main: boolean,
): DrawnNode {
  const shown = properties.length > mostLines ? properties.slice(0, mostLines - 1) : properties
  const rest = properties.length - shown.length
  return {
    id: name,
    title: name,
    subtitle: [abstract ? [texts.model.abstract] : [], count ?? []].flat().join(' · '),
    lines: [
      ...shown.map((property) => `${property.name}: ${kindOf(property)}`),
      ...(rest > 0 ? [texts.model.more(String(rest))] : []),
    ],
    main,
  }
}

function referenceEdge(from: string, property: Property): readonly DrawnEdge[] {
  if (property.type !== 'reference') return []
  return [
    { id: `reference ${from}.${property.name}`, from, to: property.to, label: property.name, dashed: true },
  ]
}

export function kindOf(property: Property): string {
  return property.type === 'reference' ? texts.model.reference(property.to) : property.type
}
