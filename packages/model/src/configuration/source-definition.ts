/**
 * Where a source is defined, and as what: with all that was left out filled in.
 *
 * @module
 */

import type { Place } from '../errors.ts'
import type { DeletePolicy } from '../source/federation.ts'
import type { RuleKey } from '../source/key-normalizers.ts'
import type { EntityMapping, EntityThresholds, PropertyMapping, Source } from '../source/source.ts'
import { withAbsentTexts } from './absent-texts.ts'
import { type Definition, placeIn } from './definition.ts'
import { hasVariables } from './fill-in.ts'
import type { PropertyMappingInput } from './property-mapping-schema.ts'
import type { EntityMappingInput, SourceInput } from './source-schema.ts'

/** `file`: in sluice.yaml or a file that it includes, and nowhere else to be changed. `stored`: in the repository. */
export type DefinedIn = 'file' | 'stored'

export interface SourceDefinition {
  readonly definedIn: DefinedIn
  /** Where its name stands. */
  readonly place: Place
  /** In the form in which files hold it. What secrets are written in it is not there. */
  readonly effective: Readonly<Record<string, unknown>>
  /** The name it had before, as its file says. */
  readonly renamedFrom?: string | undefined
  /** The repository holds a definition of this name, too, which counts for nothing. */
  readonly shadowsStored?: true | undefined
}

export function sourceDefinition(
  definition: Definition<SourceInput>,
  source: Source,
  of: { readonly definedIn: DefinedIn; readonly shadowsStored: boolean },
): SourceDefinition {
  const { renamedFrom } = definition.value
  return {
    definedIn: of.definedIn,
    place: placeIn(definition, [], 'key'),
    effective: effectiveDefinition(withAbsentTexts(definition), source),
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(of.shadowsStored ? { shadowsStored: true } : {}),
  }
}

function effectiveDefinition(input: SourceInput, source: Source): Readonly<Record<string, unknown>> {
  const { entities = {}, associations, export: program, ...own } = input
  const { table } = source
  return {
    ...own,
    ...(program === undefined ? {} : { export: withoutSecrets(program, source) }),
    status: source.status ?? 'production',
    precedence: source.precedence ?? 0,
    obsoleteLocks: source.obsoleteLocks ?? true,
    userDelete: source.userDelete ?? 'nobody',
    ...(table === true ? {} : { mode: source.mode }),
    entities: Object.fromEntries(
      Object.entries(entities).map(([name, mapping]) => {
        const resolved = source.entities.find((one) => one.name === name)
        if (resolved === undefined) return [name, mapping]
        const effective = effectiveMapping(mapping, resolved)
        return [name, own.graph === undefined ? effective : withoutColumns(effective)]
      }),
    ),
    ...(associations === undefined ? {} : { associations }),
  }
}

/** Those of a graph source are values that syncmappings set. */
function withoutColumns(mapping: ReturnType<typeof effectiveMapping>): Readonly<Record<string, unknown>> {
  const properties = Object.entries(mapping.properties).map(([name, property]) => {
    if (typeof property !== 'object' || property === null) return [name, {}]
    return [name, Object.fromEntries(Object.entries(property).filter(([key]) => key !== 'column'))]
  })
  return { ...mapping, properties: Object.fromEntries(properties) }
}

/** A value that stands in the file itself may be a password; one that the environment is asked for is none. */
function withoutSecrets(program: NonNullable<SourceInput['export']>, { export: resolved }: Source): unknown {
  if ('connector' in program) {
    const secrets = resolved !== undefined && 'secrets' in resolved ? resolved.secrets : []
    return secrets.reduce<unknown>(withHidden, program)
  }
  const { environment } = program
  if (environment === undefined) return program
  const shown = Object.entries(environment).map(([name, value]) => [
    name,
    hasVariables(String(value)) ? value : '***',
  ])
  return { ...program, environment: Object.fromEntries(shown) }
}

/** Of a text at the path; a reference to a secret may be seen. */
function withHidden(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === 'string' && !hasVariables(value) ? '***' : value
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? withHidden(item, rest) : item))
  return isMap(value) ? { ...value, [key]: withHidden(value[key], rest) } : value
}

function effectiveMapping(
  input: EntityMappingInput,
  { federation, properties, thresholds }: EntityMapping,
): Readonly<Record<string, unknown>> & { readonly properties: Readonly<Record<string, unknown>> } {
  const shared = federation !== undefined
  const limits = limitsOf(thresholds)
  const sharing = shared && {
    reconciliation: {
      policy: federation.reconciliation.policy,
      ...(federation.reconciliation.rules.length === 0
        ? {}
        : { rules: federation.reconciliation.rules.map((rule) => rule.map(writtenKey)) }),
      onZero: federation.reconciliation.onZero,
      onOne: federation.reconciliation.onOne,
      onMultiple: federation.reconciliation.onMultiple,
      onRekey: federation.reconciliation.onRekey,
    },
    delete: deletePolicyOf(input, federation.deletePolicy),
    ...(input.fullLoadInterval === undefined ? {} : { fullLoadInterval: input.fullLoadInterval }),
  }
  return {
    ...input,
    properties: Object.fromEntries(
      properties.map((property) => [
        property.property,
        effectiveProperty(input.properties[property.property] ?? property.column, property, shared),
      ]),
    ),
    ...(sharing === false ? {} : sharing),
    thresholds: Object.keys(limits).length === 0 ? 'off' : limits,
  }
}

function writtenKey({ property, normalize }: RuleKey): unknown {
  return normalize.length === 0 ? property : { property, normalize }
}

function deletePolicyOf(input: EntityMappingInput, { action }: DeletePolicy): unknown {
  return typeof input.delete === 'object' ? input.delete : action
}

function limitsOf({ inserted, updated, deleted, rejected, disappeared }: EntityThresholds) {
  const written = Object.entries({ inserted, updated, deleted, rejected, disappeared })
  return Object.fromEntries(written.filter(([, limit]) => limit !== undefined))
}

/** The rules of reconciliation are said for the whole mapping. */
function effectiveProperty(
  input: PropertyMappingInput,
  { column, by, parts, shape, policy, precedence, update }: PropertyMapping,
  shared: boolean,
): unknown {
  if (!shared && by === undefined && typeof input !== 'object') return input
  const { reconcile: _, ...own } = typeof input === 'object' ? input : {}
  return {
    ...own,
    // Those of several columns, and what a value is made of, stand in what was written.
    ...(parts === undefined && shape === undefined ? { column } : {}),
    ...(by === undefined || parts !== undefined ? {} : { by }),
    ...(shared ? { policy: policy ?? 'master_locked', update: update ?? true } : {}),
    ...(precedence === undefined ? {} : { precedence }),
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
