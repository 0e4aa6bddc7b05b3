/**
 * By which column a reference is named, or by which several, checked against the type that it points to.
 *
 * @module
 */
import type { EntityModel, Property, ReferenceProperty } from '../entity/entity-model.ts'
import { isComposed, namesIn, partName } from '../source/lookup-by.ts'
import type { PropertyMapping, ReferencePart } from '../source/source.ts'
import { placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import { snakeCase } from './names.ts'
import type { PropertyMappingInput } from './property-mapping-schema.ts'
import { cleansingOf, resolveCleansing } from './resolve-cleansing.ts'
import type { PropertyMappingContext } from './resolve-property-mapping.ts'
import { resolveValueFormat, valueFormatOptions } from './resolve-value-format.ts'

type Details = Exclude<PropertyMappingInput, string | number | boolean>

/** Column, `by`, and how the names are written; parts, where several properties name the target together. */
export function resolveNaming(
  context: PropertyMappingContext,
  property: ReferenceProperty,
  input: Details,
): Omit<PropertyMapping, 'property'> {
  const { source, path, model, resolveBy } = context
  const [only, ...others] = typeof input.by === 'object' ? input.by : [input.by]
  const by = resolveBy(property.to, others.length === 0 ? only : input.by, [...path, 'by'])
  const columns = columnsOf(context, property, input)
  checkColumns(context, by, input)
  if (isComposed(by)) {
    checkFormats(context, input)
    const parts = namesIn(by).map(
      (name, index): ReferencePart => ({
        column: columns?.[index] ?? partName(property.name, name),
        by: name,
        ...cleansingOf(
          resolveCleansing(context, input, context.cleansing),
          propertyBy(model, property.to, name),
        ),
      }),
    )
    return { column: parts.map(({ column }) => column).join(', '), by, parts }
  }
  return {
    column:
      columns?.[0] ?? (input.column === undefined ? property.name : textIn(source, [...path, 'column'])),
    ...resolveValueFormat(context, propertyBy(model, property.to, by), input),
    by,
  }
}

/** The property of an entity type by which a column names its resources. */
export function propertyBy(
  model: EntityModel,
  entityType: string,
  by: string | undefined,
): Property | undefined {
  return model.entityTypes.get(entityType)?.properties.find(({ name }) => name === by)
}

function columnsOf(
  { source, path, findings }: PropertyMappingContext,
  { name }: ReferenceProperty,
  input: Details,
): readonly string[] | undefined {
  if (input.columns === undefined) return undefined
  if (source.value.table === true) {
    const message = `The source is an open table, which names the columns of "${name}" itself.`
    findings.add(findingCodes.federation, placeIn(source, [...path, 'columns'], 'key'), message, {
      remedy: 'Remove "columns".',
    })
  }
  return input.columns.map((_, index) => textIn(source, [...path, 'columns', index]))
}

/** As many columns as properties, each in its place. */
function checkColumns({ source, path, findings }: PropertyMappingContext, by: string, input: Details): void {
  const refuse = (key: 'column' | 'columns' | 'by', message: string, remedy: string) =>
    findings.add(findingCodes.mapping, placeIn(source, [...path, key], 'key'), message, { remedy })
  const { length } = namesIn(by)
  if (input.columns === undefined) {
    if (length > 1 && source.value.table !== true)
      refuse(
        'by',
        `"by" names ${length} properties, but "columns" is missing.`,
        `Write "columns" with ${length} columns, in the order of "by".`,
      )
  } else if (input.columns.length !== length)
    refuse(
      'columns',
      `"columns" has ${input.columns.length}, and "by" ${length === 1 ? 'is one property' : `names ${length} properties`}.`,
      'Name a column for each property of "by", in its order.',
    )
  if (input.column !== undefined && (input.columns !== undefined || length > 1))
    refuse(
      'column',
      '"column" is one column, but the reference needs several.',
      'Replace "column" by "columns".',
    )
}

/** Each of several columns is written as the source writes the property that it holds. */
function checkFormats({ source, path, findings }: PropertyMappingContext, input: Details): void {
  for (const option of valueFormatOptions) {
    if (!(option in input)) continue
    const message = `"${option}" is for one column; of several each is written as the source writes the property.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, option], 'key'), message, {
      remedy: `Remove "${option}".`,
    })
  }
}

/** Their columns stand beside those of the type's properties. */
export function checkPartNames(
  { source, path, findings }: Pick<PropertyMappingContext, 'source' | 'path' | 'findings'>,
  owner: { readonly name: string; readonly properties: readonly Property[] },
  mappings: readonly PropertyMapping[],
): void {
  const taken = new Map(owner.properties.map(({ name }) => [snakeCase(name), `property "${name}"`]))
  for (const { property, parts = [] } of mappings) {
    for (const by of new Set(parts.map((part) => part.by))) {
      const column = snakeCase(partName(property, by))
      const other = taken.get(column)
      taken.set(column, `"${by}" of "${property}"`)
      if (other === undefined) continue
      const message = `"${by}" of "${property}" would be the column "${column}", which ${other} of "${owner.name}" takes.`
      findings.add(findingCodes.name, placeIn(source, [...path, 'properties', property, 'by']), message, {
        remedy: 'Rename one of the properties.',
      })
    }
  }
}
