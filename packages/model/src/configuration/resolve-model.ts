/**
 * Makes the entity model of its definitions: follows `extends`, checks every name it mentions.
 *
 * @module
 */
import type { Association, EntityModel, EntityType, Property } from '../entity/entity-model.ts'
import { type Definition, placeIn } from './definition.ts'
import type { CompileDisplay } from './displays.ts'
import type { AssociationInput, EntityTypeInput } from './entity-model-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import { resolveDisplay } from './resolve-display.ts'
import { linkImpact } from './resolve-impact.ts'
import { byLanguage, labelsOf } from './resolve-label.ts'
import {
  checkEntityType,
  type EntityTypes,
  resolveLinkProperty,
  resolveProperty,
} from './resolve-property.ts'

export interface ModelContext {
  readonly findings: Findings
  /** Of labels that say none. */
  readonly language?: string | undefined
  /** Without it, no type can be displayed by an expression. */
  readonly compileDisplay?: CompileDisplay | undefined
}

export function resolveModel(
  entityTypes: EntityTypes,
  associations: ReadonlyMap<string, Definition<AssociationInput>>,
  context: ModelContext,
): EntityModel {
  const resolved = new Map<string, EntityType>()
  for (const definition of entityTypes.values()) resolveEntityType(definition, entityTypes, resolved, context)
  const inOrder = [...entityTypes.keys()].flatMap((name) => resolved.get(name) ?? [])
  return {
    ...(context.language === undefined ? {} : { language: context.language }),
    entityTypes: new Map(inOrder.map((type) => [type.name, type])),
    associations: new Map(
      [...associations.values()].map((definition) => [
        definition.name,
        resolveAssociation(definition, entityTypes, context),
      ]),
    ),
  }
}

/** Resolves a type after the one it extends; `trail` holds the types that wait for this one. */
function resolveEntityType(
  definition: Definition<EntityTypeInput>,
  entityTypes: EntityTypes,
  resolved: Map<string, EntityType>,
  context: ModelContext,
  trail: readonly string[] = [],
): EntityType {
  const known = resolved.get(definition.name)
  if (known !== undefined) return known

  const { value } = definition
  const { findings, compileDisplay } = context
  const base = baseOf(definition, entityTypes, findings, trail)
  const inherited =
    base === undefined
      ? []
      : resolveEntityType(base, entityTypes, resolved, context, [...trail, definition.name]).properties
  const properties = joinProperties(definition, inherited, entityTypes, context)
  const type: EntityType = {
    name: definition.name,
    ...labelsOf(value.label, context.language),
    description: value.description,
    extends: base?.name,
    abstract: value.abstract ?? false,
    display: resolveDisplay(definition, properties, compileDisplay, findings),
    properties,
  }
  resolved.set(definition.name, type)
  return type
}

function baseOf(
  definition: Definition<EntityTypeInput>,
  entityTypes: EntityTypes,
  findings: Findings,
  trail: readonly string[],
): Definition<EntityTypeInput> | undefined {
  const name = definition.value.extends
  if (name === undefined) return undefined
  const place = placeIn(definition, ['extends'])
  const base = entityTypes.get(name)
  if (base === undefined) {
    findings.add(findingCodes.unknownName, place, `There is no entity type "${name}".`, {
      remedy: suggestion(name, entityTypes.keys()),
    })
    return undefined
  }
  if (name === definition.name || trail.includes(name)) {
    const circle = [...trail.slice(trail.indexOf(name)), definition.name, name]
    const message =
      name === definition.name
        ? `"${name}" extends itself.`
        : `extends forms a circle: ${circle.join(' → ')}.`
    findings.add(findingCodes.inheritance, place, message, { remedy: 'Remove one of these extends.' })
    return undefined
  }
  return base
}

function joinProperties(
  definition: Definition<EntityTypeInput>,
  inherited: readonly Property[],
  entityTypes: EntityTypes,
  context: ModelContext,
): readonly Property[] {
  const { findings } = context
  const own = Object.entries(definition.value.properties ?? {}).map(([name, input]) =>
    resolveProperty({ definition, entityTypes, ...context }, name, input),
  )
  const ownByName = new Map(own.map((property) => [property.name, property]))
  const joined = inherited.map((property) => {
    const again = ownByName.get(property.name)
    if (again === undefined) return property
    ownByName.delete(property.name)
    if (isSameType(property, again)) return { ...again, ...inheritedBy(again, property) }
    const message = `"${property.name}" is inherited as ${describeType(property)} and cannot be changed to ${describeType(again)}.`
    findings.add(findingCodes.inheritance, placeIn(definition, ['properties', property.name]), message, {
      remedy: 'Give it the inherited type, or another name.',
    })
    return property
  })
  return [...joined, ...ownByName.values()]
}

/** What is said again, to require or to describe it, is called what it was, and its history is kept as it was. */
function inheritedBy(
  { labels, history }: Property,
  inherited: Property,
): Pick<Property, 'labels' | 'history'> {
  return {
    ...(labels === undefined && inherited.labels !== undefined ? { labels: inherited.labels } : {}),
    ...(history === undefined && inherited.history !== undefined ? { history: inherited.history } : {}),
  }
}

function isSameType(a: Property, b: Property): boolean {
  if (a.type === 'reference' && b.type === 'reference') return a.to === b.to
  if (a.type === 'enum' && b.type === 'enum') return a.values.join('\n') === b.values.join('\n')
  return a.type === b.type
}

function describeType(property: Property): string {
  if (property.type === 'reference') return `a reference to "${property.to}"`
  if (property.type === 'enum') return `an enum of ${property.values.join(', ')}`
  return property.type
}

function resolveAssociation(
  definition: Definition<AssociationInput>,
  entityTypes: EntityTypes,
  context: ModelContext,
): Association {
  const { name, value } = definition
  const { findings, language } = context
  const within = { definition, entityTypes, ...context }
  checkEntityType(within, ['from'], value.from)
  checkEntityType(within, ['to'], value.to)
  const properties = Object.entries(value.properties ?? {}).map(([property, input]) =>
    resolveLinkProperty(within, property, input),
  )
  const ends = {
    ...(value.fromLabel === undefined ? {} : { fromLabels: byLanguage(value.fromLabel, language) }),
    ...(value.toLabel === undefined ? {} : { toLabels: byLanguage(value.toLabel, language) }),
  }
  return {
    name,
    ...labelsOf(value.label, language),
    ...ends,
    description: value.description,
    from: value.from,
    to: value.to,
    cardinality: value.cardinality ?? 'many-to-many',
    properties,
    ...linkImpact(definition, properties, findings),
  }
}
