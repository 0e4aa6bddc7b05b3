/**
 * Where one property gets its value, checked against what the property is.
 *
 * @module
 */
import type { EntityModel, Property, ReferenceProperty } from '../entity/entity-model.ts'
import { shapedColumn } from '../source/shape.ts'
import type { PropertyMapping, ValueFormat } from '../source/source.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { PropertyMappingInput } from './property-mapping-schema.ts'
import type { ResolveBy } from './resolve-by.ts'
import { type Cleansing, cleansingOf } from './resolve-cleansing.ts'
import { propertyBy, resolveNaming } from './resolve-naming.ts'
import { checkShape, isShaped, resolveShape } from './resolve-shape.ts'
import { resolveValueFormat } from './resolve-value-format.ts'
import type { ShapeInput } from './shape-schema.ts'
import type { Shaping } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

type Details = Exclude<PropertyMappingInput, string | number | boolean>
/** What any property may say of who else writes it. */
type Shared = 'policy' | 'precedence' | 'update' | 'reconcile'

/** What each option is for, besides those that say how values are written. */
const optionTypes: Readonly<
  Record<
    Exclude<
      keyof Details,
      'column' | 'columns' | 'value' | 'absent' | keyof ValueFormat | keyof ShapeInput | Shared
    >,
    Property['type']
  >
> = {
  by: 'reference',
  encoding: 'file',
  fileNameColumn: 'file',
  mediaTypeColumn: 'file',
}

export interface PropertyMappingContext {
  readonly source: Definition<SourceInput>
  /** From the source to the mapping of this property. */
  readonly path: YamlPath
  readonly findings: Findings
  readonly model: EntityModel
  readonly cleansing: Cleansing
  /** The property of `to` that a column of references holds; adds a finding when there is none. */
  readonly resolveBy: ResolveBy
  /** Absent where nobody looks into what values are made by. */
  readonly shaping: Shaping | undefined
}

export function resolvePropertyMapping(
  context: PropertyMappingContext,
  property: Property,
  input: PropertyMappingInput,
): PropertyMapping {
  const { source, path, model } = context
  if (typeof input !== 'object') {
    const by = property.type === 'reference' ? context.resolveBy(property.to, undefined, path) : undefined
    const valuesOf = property.type === 'reference' ? propertyBy(model, property.to, by) : property
    const column = textIn(source, path)
    return { property: property.name, column, by, ...cleansingOf(context.cleansing, valuesOf) }
  }
  checkOptions(context, property, input)
  return {
    property: property.name,
    ...sourceOf(context, property, input),
    policy: input.policy,
    precedence: input.precedence,
    update: input.update === false ? false : undefined,
  }
}

function sourceOf(
  context: PropertyMappingContext,
  property: Property,
  input: Details,
): Omit<PropertyMapping, 'property'> {
  // Columns that name the target of a reference together stand as they are.
  const several = property.type !== 'reference' && input.columns !== undefined
  if (isShaped(input) || several) return resolveShaped(context, property, input)
  return property.type === 'reference'
    ? resolveNaming(context, property, input)
    : resolveValue(context, property, input)
}

function resolveShaped(
  context: PropertyMappingContext,
  property: Property,
  input: Details,
): Omit<PropertyMapping, 'property'> {
  const { model, resolveBy, path } = context
  const by = property.type === 'reference' ? resolveBy(property.to, input.by, [...path, 'by']) : undefined
  const valuesOf = property.type === 'reference' ? propertyBy(model, property.to, by) : property
  const format = resolveValueFormat(context, valuesOf, input)
  const resolved = resolveShape(context, property.name, input)
  checkShape(context, resolved, property, format)
  const { shape } = resolved
  return { column: shapedColumn(property.name, shape), shape, ...format, by }
}

function resolveValue(
  context: PropertyMappingContext,
  property: Exclude<Property, ReferenceProperty>,
  input: Details,
): Omit<PropertyMapping, 'property'> {
  const { source, path } = context
  const textOf = (key: string) => textIn(source, [...path, key])
  return {
    column: input.column === undefined ? property.name : textOf('column'),
    ...resolveValueFormat(context, property, input),
    encoding: property.type === 'file' ? (input.encoding ?? 'base64') : undefined,
    fileNameColumn: input.fileNameColumn === undefined ? undefined : textOf('fileNameColumn'),
    mediaTypeColumn: input.mediaTypeColumn === undefined ? undefined : textOf('mediaTypeColumn'),
  }
}

function checkOptions(
  { source, path, findings }: PropertyMappingContext,
  property: Property,
  input: Details,
): void {
  for (const [option, type] of Object.entries(optionTypes)) {
    if (!(option in input) || type === property.type) continue
    const message = `"${option}" is for ${type} properties; "${property.name}" is ${property.type}.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, option], 'key'), message, {
      remedy: `Remove "${option}".`,
    })
  }
}
