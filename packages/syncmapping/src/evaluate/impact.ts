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
  if (dataModel === 6) {
    setImpact(relationship)
    return [relationship]
  }
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
  if (known === undefined) return relationship
  // They are of this relationship alone.
  for (const name of attributes.keys()) if (!known.has(name)) attributes.delete(name)
  return relationship
}

const impactNames: ReadonlyMap<number, string> = new Map([
  [5, 'ImpactOnly'],
  [3, 'IMPACT'],
  [2, 'IMPACT'],
])

/** Its attributes are of this relationship alone. */
function setImpact({ attributes, impact }: Relationship): void {
  attributes.set('HasImpact', impact === undefined ? 'No' : 'Yes')
  if (impact === undefined) return
  attributes.set('ImpactDirection', impact.isOfSource ? 'Destination-Source' : 'Source-Destination')
  if (isThere(impact.weight)) attributes.set('ImpactWeight', impact.weight)
}

/** From the CI that impacts to the one that is impacted. */
function impactRelationship(
  { source, destination, namespace }: Relationship,
  impact: Impact,
  name: string,
): Relationship {
  const [from, to] = impact.isOfSource ? [destination, source] : [source, destination]
  const attributes = new Map<string, Value>([['Name', name]])
  if (isThere(impact.weight)) attributes.set('ImpactWeight', impact.weight)
  return { className: 'BMC_Impact', namespace, source: from, destination: to, attributes, impact: undefined }
}

function isThere(weight: Value): boolean {
  return weight !== null && weight !== nothing
}
