/**
 * Where the links of an association come from, and by what their ends are found.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { shapedColumn } from '../source/shape.ts'
import type { AssociationMapping, EndMapping } from '../source/source.ts'
import { placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import { resolveFormat, usualFormat } from './format-schema.ts'
import type { MappingContext } from './mapping-context.ts'
import { suggestion } from './names.ts'
import { resolveActive } from './resolve-active.ts'
import { cleansingOf, resolveCleansing } from './resolve-cleansing.ts'
import { resolveCommands } from './resolve-commands.ts'
import { resolveFileChoice } from './resolve-dropped.ts'
import { propertyBy } from './resolve-naming.ts'
import { resolveProperties } from './resolve-properties.ts'
import { checkShape, isShaped, resolveShape, resolveWhere } from './resolve-shape.ts'
import { resolveAssociationThresholds } from './resolve-thresholds.ts'
import { resolveValueFormat } from './resolve-value-format.ts'
import type { AssociationMappingInput, EndMappingInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

export function resolveAssociationMapping(
  context: MappingContext,
  name: string,
  input: AssociationMappingInput,
): AssociationMapping[] {
  const { source, model, findings } = context
  const path = ['associations', name]
  const association = model.associations.get(name)
  if (association === undefined) {
    const message = `There is no association "${name}".`
    findings.add(findingCodes.unknownName, placeIn(source, path, 'key'), message, {
      remedy: suggestion(name, model.associations.keys()),
    })
    return []
  }
  const { file, from, to } = input
  // Their absence is a finding of their form already.
  if (file === undefined || from === undefined || to === undefined) return []
  const cleansing = resolveCleansing({ source, path, findings }, input, context.cleansing)
  const within: MappingContext = { ...context, cleansing }
  return [
    {
      name,
      association: name,
      file,
      ...resolveFileChoice(context, path, input),
      ...resolveActive(context, path, input.active),
      format: resolveFormat(source.value.format, input.format, usualFormat(source.value)),
      ...resolveCommands(source, path, input.commands),
      where: resolveWhere({ source, findings, path, shaping: context.shaping }, input.where, cleansing),
      from: resolveEnd(within, [...path, 'from'], association.from, from),
      to: resolveEnd(within, [...path, 'to'], association.to, to),
      properties: resolveProperties(within, path, association, input.properties ?? {}),
      thresholds: resolveAssociationThresholds(input.thresholds, context.defaults),
    },
  ]
}

function resolveEnd(
  context: MappingContext,
  path: YamlPath,
  entityType: string,
  input: EndMappingInput,
): EndMapping {
  const { source, model, findings, resolveBy, cleansing } = context
  if (typeof input !== 'object') {
    const by = resolveBy(entityType, undefined, path)
    const valuesOf = propertyBy(model, entityType, by)
    return { column: textIn(source, path), by, ...cleansingOf(cleansing, valuesOf) }
  }
  const by = resolveBy(entityType, input.by, [...path, 'by'])
  if (isShaped(input) || input.columns !== undefined)
    return shapedEnd(context, path, propertyBy(model, entityType, by), { ...input, by })
  if (input.column === undefined) {
    const message = `"column" is missing in "${String(path.at(-1))}".`
    findings.add(findingCodes.wrongValue, placeIn(source, [...path, 'column']), message, {
      remedy: 'Name the column that holds it, or say how it is made of others.',
    })
  }
  return {
    // That of a graph source is written nowhere.
    column: source.value.graph === undefined ? textIn(source, [...path, 'column']) : String(input.column),
    by,
    ...resolveValueFormat({ source, path, findings, cleansing }, propertyBy(model, entityType, by), input),
  }
}

function shapedEnd(
  { source, findings, shaping, cleansing }: MappingContext,
  path: YamlPath,
  valuesOf: Property | undefined,
  input: Exclude<EndMappingInput, string | number | boolean> & { readonly by: string },
): EndMapping {
  const of = String(path.at(-1))
  const context = { source, path, findings, shaping, cleansing }
  const format = resolveValueFormat(context, valuesOf, input)
  const resolved = resolveShape(context, of, input)
  const many = resolved.kind === 'list' ? { ...resolved, kind: 'any' as const } : resolved
  if (valuesOf !== undefined) checkShape(context, many, valuesOf, format)
  const { shape } = resolved
  return { column: shapedColumn(`end "${of}"`, shape), shape, ...format, by: input.by }
}
