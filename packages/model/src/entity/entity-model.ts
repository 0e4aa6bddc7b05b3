/**
 * What the repository holds: entity types with typed properties, and associations between them.
 *
 * These are the resolved nouns, after `extends` was followed and every name was checked; the
 * configuration as people write it is in `configuration/`.
 *
 * @module
 */
import type { DisplayExpression } from './display.ts'
import type { Labels } from './label.ts'

/** `string` is a short text and `text` a long one; both are stored alike, as they come, with line breaks and blanks. */
export const scalarTypes = [
  'string',
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'enum',
] as const
export type ScalarType = (typeof scalarTypes)[number]

interface PropertyBase {
  /** Letters, digits, underscore; starts with a letter; at most 50 characters. */
  readonly name: string
  readonly labels?: Labels | undefined
  readonly description?: string | undefined
  /** A row that leaves a required property empty is rejected. */
  readonly required: boolean
  /** Which updates of it the history keeps; absent: all of them. Of insertions and deletions it keeps every value. */
  readonly history?: HistoryPrecision | undefined
}

/** None, or those that come so many milliseconds after the last one that was kept. */
export type HistoryPrecision = 'none' | number

interface OrderedProperty extends PropertyBase {
  /** People sort and look for resources by it: an index keeps them in the order of its values. */
  readonly indexed?: true | undefined
}

export interface ScalarProperty extends OrderedProperty {
  readonly type: Exclude<ScalarType, 'enum'>
}

export interface EnumProperty extends OrderedProperty {
  readonly type: 'enum'
  /** The allowed values, compared exactly. */
  readonly values: readonly string[]
  /** By value, of those that have any. */
  readonly valueLabels?: Readonly<Record<string, Labels>> | undefined
}

/** Binary content with its name and media type. */
export interface FileProperty extends PropertyBase {
  readonly type: 'file'
}

/** Written, kept hidden (`secret.ts`) and never read back, such as a password. */
export interface SecretProperty extends PropertyBase {
  readonly type: 'secret'
}

/** A single-valued pointer to a resource of `to`, or of a type that extends it. */
export interface ReferenceProperty extends PropertyBase {
  readonly type: 'reference'
  readonly to: string
  /** Who is impacted when one of the two fails; `from` has the reference. Absent: nobody. */
  readonly impact?: DeclaredImpact<number> | undefined
}

/** Which end of a link is impacted when the other one fails: `from-to`, when `from` does. */
export const impactDirections = ['from-to', 'to-from'] as const
export type ImpactDirection = (typeof impactDirections)[number]

/** `weight`: in percent, 0 to 100, or the name of the link property that says it. */
export interface DeclaredImpact<Weight extends number | string = number | string> {
  readonly direction: ImpactDirection
  readonly weight: Weight
}

export type Property = ScalarProperty | EnumProperty | FileProperty | SecretProperty | ReferenceProperty

/** Of one value that anybody may read, so that resources are found, named, sorted and shown by it. */
export function canName(property: Property): property is ScalarProperty | EnumProperty {
  return property.type !== 'reference' && property.type !== 'file' && property.type !== 'secret'
}

/** A class of resources. */
export interface EntityType {
  readonly name: string
  readonly labels?: Labels | undefined
  readonly description?: string | undefined
  readonly extends?: string | undefined
  /** An abstract type has no resources of its own, only those of the types that extend it. */
  readonly abstract: boolean
  /** What people recognise a resource by: a property, or what an expression makes of several. Types that say nothing show what the one they extend shows. */
  readonly display?: string | DisplayExpression | undefined
  /** Inherited ones first, then own, in the order they were written. */
  readonly properties: readonly Property[]
}

/**
 * many-to-many: no restriction; many-to-one: a resource of `from` has at most one link;
 * one-to-many: a resource of `to` has at most one link.
 */
export const cardinalities = ['many-to-many', 'many-to-one', 'one-to-many'] as const
export type Cardinality = (typeof cardinalities)[number]

/** A typed link between two entity types; its properties are scalars. */
export interface Association {
  readonly name: string
  readonly labels?: Labels | undefined
  /** What the resources at `from` are to those at `to`. */
  readonly fromLabels?: Labels | undefined
  /** What the resources at `to` are to those at `from`. */
  readonly toLabels?: Labels | undefined
  readonly description?: string | undefined
  readonly from: string
  readonly to: string
  readonly cardinality: Cardinality
  readonly properties: readonly (ScalarProperty | EnumProperty)[]
  /** Who is impacted when one end fails, where the link itself does not say it (`impact.ts`). Absent: nobody. */
  readonly impact?: DeclaredImpact | undefined
}

/** All of them, by name. */
export interface EntityModel {
  /** Of labels that say none; `en` when absent. */
  readonly language?: string | undefined
  readonly entityTypes: ReadonlyMap<string, EntityType>
  readonly associations: ReadonlyMap<string, Association>
}
