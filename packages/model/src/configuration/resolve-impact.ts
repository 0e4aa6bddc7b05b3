/**
 * Who is impacted along links and references, as the configuration declares it.
 *
 * @module
 */
import type { Association, DeclaredImpact, ReferenceProperty } from '../entity/entity-model.ts'
import { wholeImpact } from '../entity/impact.ts'
import { type Definition, placeIn } from './definition.ts'
import type { AssociationInput, ReferenceImpactInput } from './entity-model-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'

export function referenceImpact(input: ReferenceImpactInput | undefined): Pick<ReferenceProperty, 'impact'> {
  return input === undefined ? {} : { impact: filledIn(input) }
}

/** A weight that a property says needs one that is a number. */
export function linkImpact(
  definition: Definition<AssociationInput>,
  properties: Association['properties'],
  findings: Findings,
): Pick<Association, 'impact'> {
  const input = definition.value.impact
  if (input === undefined) return {}
  const impact = filledIn(input)
  const { weight } = impact
  if (typeof weight !== 'string') return { impact }
  const place = placeIn(definition, ['impact', 'weight'])
  const found = properties.find(({ name }) => name === weight)
  if (found === undefined) {
    const names = properties.map(({ name }) => name)
    const message = `"${definition.name}" has no property "${weight}" that says the weight.`
    findings.add(findingCodes.unknownName, place, message, { remedy: suggestion(weight, names) })
  } else if (found.type !== 'integer' && found.type !== 'decimal') {
    const message = `"${weight}" is ${found.type}, and a weight is a number.`
    findings.add(findingCodes.wrongValue, place, message, {
      remedy: 'Name a property of the type integer or decimal, or write a percentage.',
    })
  }
  return { impact }
}

function filledIn<Weight extends number | string>(
  input:
    | DeclaredImpact['direction']
    | { readonly direction: DeclaredImpact['direction']; readonly weight?: Weight | undefined },
): DeclaredImpact<Weight | number> {
  if (typeof input === 'string') return { direction: input, weight: wholeImpact }
  return { direction: input.direction, weight: input.weight ?? wholeImpact }
}
