/**
 * How the data models of the CMDB say that one CI impacts another.
 *
 * @module
 */
import { type ClassModel, knowsRelationship, relationshipAttributesOf } from '../class-model.ts'
import { RootFailedError } from '../root-failed-error.ts'
import { nothing, type Value } from '../value/value.ts'
import type { Impact, Relationship } from './target-graph.ts'

/** What is to be written for a relationship: itself, and in some data models a second one that carries the impact. */
export function withImpact(relationship: Relationship, dataModel: number): readonly Relationship[] {
  if (dataModel === 6) return [{ ...relationship, attributes: impactAttributes(relationship) }]
  const name = impactNames.get(dataModel)
  if (name === undefined || relationship.impact === undefined) return [relationship]
  return [relationship, impactRelationship(relationship, relationship.impact, name)]
}

/**
 * Without the attributes that its class lacks.
 *
 * @throws RootFailedError when there is no such class: that of relationships that carry impact is named by no body.
 */
export function withKnownAttributes(relationship: Relationship, classes: ClassModel): Relationship {
  const { className, attributes } = relationship
  if (!knowsRelationship(classes, className)) {
    throw new RootFailedError(
      'UNKNOWN_CLASS',
      `There is no relationship class ${className}, in which this data model writes impact.`,
    )
  }
  const known = relationshipAttributesOf(classes, className)
  if (known === undefined || [...attributes.keys()].every((name) => known.has(name))) return relationship
  return { ...relationship, attributes: new Map([...attributes].filter(([name]) => known.has(name))) }
}

const impactNames: ReadonlyMap<number, string> = new Map([
  [5, 'ImpactOnly'],
  [3, 'IMPACT'],
  [2, 'IMPACT'],
])

function impactAttributes({ attributes, impact }: Relationship): Map<string, Value> {
  if (impact === undefined) return new Map([...attributes, ['HasImpact', 'No']])
  const direction = impact.isOfSource ? 'Destination-Source' : 'Source-Destination'
  return new Map([...attributes, ['HasImpact', 'Yes'], ['ImpactDirection', direction], ...weightOf(impact)])
}

/** From the CI that impacts to the one that is impacted. */
function impactRelationship(
  { source, destination, namespace }: Relationship,
  impact: Impact,
  name: string,
): Relationship {
  const [from, to] = impact.isOfSource ? [destination, source] : [source, destination]
  const attributes = new Map<string, Value>([['Name', name], ...weightOf(impact)])
  return { className: 'BMC_Impact', namespace, source: from, destination: to, attributes, impact: undefined }
}

function weightOf({ weight }: Impact): readonly [string, Value][] {
  return weight === null || weight === nothing ? [] : [['ImpactWeight', weight]]
}
