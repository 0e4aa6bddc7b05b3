/**
 * What modules are checked against, beyond what they say of one another.
 *
 * @module
 */
import type { ClassModel } from './class-model.ts'
import type { KindModel } from './kind-model.ts'

export interface Rules {
  readonly classes: ClassModel
  /** `undefined`: nothing is known of the source graph, and everything that modules say of it is believed. */
  readonly kinds: KindModel | undefined
  /** Where clauses may have what searches have: all comparisons, `not`, `is defined`, an attribute alone, key expressions. */
  readonly hasExtendedWhere: boolean
}
