/**
 * The properties of an entity type or an association, of their definitions.
 *
 * @module
 */
import type { EnumProperty, Property, ScalarProperty } from '../entity/entity-model.ts'
import type { Labels } from '../entity/label.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import type { EntityTypeInput, LinkPropertyInput, PropertyInput } from './entity-model-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import { referenceImpact } from './resolve-impact.ts'
import { byLanguage, labelsOf } from './resolve-label.ts'
import type { YamlPath } from './yaml-file.ts'

export type EntityTypes = ReadonlyMap<string, Definition<EntityTypeInput>>

export interface PropertyContext {
  /** That has the properties. */
  readonly definition: Definition<unknown>
  readonly entityTypes: EntityTypes
  /** Of labels that say none. */
  readonly language?: string | undefined
  readonly findings: Findings
}

export function resolveProperty(context: PropertyContext, name: string, input: PropertyInput): Property {
  if (typeof input === 'string') return { name, type: input, description: undefined, required: false }
  if (input.type === 'reference') {
    checkEntityType(context, ['properties', name, 'to'], input.to)
    return {
      ...common(context, name, input),
      type: 'reference',
      to: input.to,
      ...referenceImpact(input.impact),
    }
  }
  if (input.type === 'file' || input.type === 'secret')
    return { ...common(context, name, input), type: input.type }
  return resolveScalar(context, name, input)
}

/** A property of links. */
export function resolveLinkProperty(
  context: PropertyContext,
  name: string,
  input: LinkPropertyInput,
): ScalarProperty | EnumProperty {
  refuseOfLinks(context, name, input)
  return resolveScalar(context, name, input)
}

function resolveScalar(
  context: PropertyContext,
  name: string,
  input: LinkPropertyInput,
): ScalarProperty | EnumProperty {
  if (typeof input === 'string') return { name, type: input, description: undefined, required: false }
  const indexed = input.indexed === true ? { indexed: input.indexed } : {}
  if (input.type !== 'enum') return { ...common(context, name, input), ...indexed, type: input.type }
  const path = ['properties', name, 'values']
  const values = Array.isArray(input.values)
    ? listedValues(context, path, input.values.length)
    : Object.keys(input.values).map((value) => asWritten(context, [...path, value]) ?? value)
  return {
    ...common(context, name, input),
    ...indexed,
    type: 'enum',
    values,
    ...valueLabels(context, path, input.values),
  }
}

function listedValues(
  { definition, findings }: PropertyContext,
  path: YamlPath,
  count: number,
): readonly string[] {
  const values = Array.from({ length: count }, (_, index) => textIn(definition, [...path, index]))
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) === index) continue
    const place = placeIn(definition, [...path, index])
    findings.add(findingCodes.wrongValue, place, `"${value}" occurs twice in the values.`)
  }
  return values
}

/** As it was written: `007` is no 7. */
function asWritten({ definition }: PropertyContext, path: YamlPath): string | undefined {
  return definition.file.keyAt([...definition.path, ...path])
}

function valueLabels(
  context: PropertyContext,
  path: YamlPath,
  values: Extract<LinkPropertyInput, { type: 'enum' }>['values'],
): { readonly valueLabels?: Readonly<Record<string, Labels>> } {
  if (Array.isArray(values)) return {}
  const labels = Object.entries(values).map(([value, label]) => [
    asWritten(context, [...path, value]) ?? value,
    byLanguage(label, context.language),
  ])
  return { valueLabels: Object.fromEntries(labels) }
}

function common({ language }: PropertyContext, name: string, input: Exclude<PropertyInput, string>) {
  const { description, label, required = false } = input
  return { name, ...labelsOf(label, language), description, required, ...precisionOf(input.history) }
}

function precisionOf(history: Exclude<PropertyInput, string>['history']): Pick<Property, 'history'> {
  if (history === undefined || history === 'full') return {}
  return { history: history === 'none' ? history : millisecondsOf(history) }
}

/** Links are not what floods a history, and lists of them are read by their ends. */
const onlyOfEntityTypes = {
  history: 'The history keeps every change of a link.',
  indexed: 'No list of links is in the order of a property.',
} as const

function refuseOfLinks(
  { definition, findings }: PropertyContext,
  name: string,
  input: LinkPropertyInput,
): void {
  if (typeof input === 'string') return
  for (const key of ['history', 'indexed'] as const) {
    if (input[key] === undefined) continue
    const place = placeIn(definition, ['properties', name, key], 'key')
    findings.add(findingCodes.wrongValue, place, onlyOfEntityTypes[key], {
      remedy: `Take "${key}" out: it is of properties of entity types.`,
    })
  }
}

export function checkEntityType(
  { definition, entityTypes, findings }: PropertyContext,
  path: YamlPath,
  name: string,
): void {
  if (entityTypes.has(name)) return
  findings.add(findingCodes.unknownName, placeIn(definition, path), `There is no entity type "${name}".`, {
    remedy: suggestion(name, entityTypes.keys()),
  })
}
