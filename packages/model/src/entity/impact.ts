/**
 * By what it is known whether one end of a link is impacted when the other one fails.
 *
 * Syncmappings write it on each link, under the names that the CMDB has for it; models of people's own declare it of the association.
 * What a link says comes before what is declared.
 *
 * @module
 */
import type { Association, DeclaredImpact } from './entity-model.ts'

/** What of a link says it; a name of a property where there is one. */
export interface ImpactRule {
  /** `Yes` or `No`. */
  readonly has: string | undefined
  /** `Source-Destination`, which is from → to, or `Destination-Source`. */
  readonly direction: string | undefined
  /** In percent. */
  readonly weight: string | undefined
  /** Where the link says nothing. */
  readonly declared: DeclaredImpact<number> | undefined
}

/** Names of the CMDB, as data model 6 of syncmappings has them. */
const cmdbNames = { has: 'HasImpact', direction: 'ImpactDirection', weight: 'ImpactWeight' } as const

/** The class of links that are nothing but an impact of the source on the destination (data models 2, 3 and 5). */
const impactClass = 'BMC_Impact'

/** The weight of an impact of which nothing says one. */
export const wholeImpact = 100

/** `undefined`: no link of the association impacts anybody. */
export function impactRuleOf({ name, properties, impact }: Association): ImpactRule | undefined {
  const called = (wanted: string) => properties.find((one) => one.name === wanted)?.name
  const declared =
    impact ?? (name === impactClass ? { direction: 'from-to', weight: wholeImpact } : undefined)
  const rule: ImpactRule = {
    has: called(cmdbNames.has),
    direction: called(cmdbNames.direction),
    weight: typeof declared?.weight === 'string' ? declared.weight : called(cmdbNames.weight),
    declared:
      declared === undefined
        ? undefined
        : {
            direction: declared.direction,
            weight: typeof declared.weight === 'string' ? wholeImpact : declared.weight,
          },
  }
  const says = rule.has ?? rule.direction ?? rule.declared
  return says === undefined ? undefined : rule
}
