/**
 * Makes the entity model of its definitions: follows `extends`, checks every name it mentions.
 *
 * @module
 */
import type {
  Association,
  EntityModel,
  EntityType,
  EnumProperty,
  Property,
  ScalarProperty,
} from '../entity/entity-model.ts'
import { isSecret } from '../entity/secret.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import type {
  AssociationInput,
  EntityTypeInput,
  LinkPropertyInput,
  PropertyInput,
} from './entity-model-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import { linkImpact, referenceImpact } from './resolve-impact.ts'
import type { YamlPath } from './yaml-file.ts'

type EntityTypes = ReadonlyMap<string, Definition<EntityTypeInput>>

export function resolveModel(
  entityTypes: EntityTypes,
  associations: ReadonlyMap<string, Definition<AssociationInput>>,
  findings: Findings,
): EntityModel {
  const resolved = new Map<string, EntityType>()
  for (const definition of entityTypes.values())
    resolveEntityType(definition, entityTypes, resolved, findings)
  const inOrder = [...entityTypes.keys()].flatMap((name) => resolved.get(name) ?? [])
  return {
    entityTypes: new Map(inOrder.map((type) => [type.name, type])),
    associations: new Map(
      [...associations.values()].map((definition) => [
        definition.name,
        resolveAssociation(definition, entityTypes, findings),
      ]),
    ),
  }
}

/** Resolves a type after the one it extends; `trail` holds the types that wait for this one. */
function resolveEntityType(
  definition: Definition<EntityTypeInput>,
  entityTypes: EntityTypes,
  resolved: Map<string, EntityType>,
  findings: Findings,
  trail: readonly string[] = [],
): EntityType {
  const known = resolved.get(definition.name)
  if (known !== undefined) return known

  const { value } = definition
  const base = baseOf(definition, entityTypes, findings, trail)
  const inherited =
    base === undefined
      ? []
      : resolveEntityType(base, entityTypes, resolved, findings, [...trail, definition.name]).properties
  const properties = joinProperties(definition, inherited, entityTypes, findings)
  const type: EntityType = {
    name: definition.name,
    description: value.description,
    extends: base?.name,
    abstract: value.abstract ?? false,
    display: value.display,
    properties,
  }
  resolved.set(definition.name, type)
  if (type.display !== undefined) checkDisplay(definition, type.display, properties, findings)
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
  findings: Findings,
): readonly Property[] {
  const own = Object.entries(definition.value.properties ?? {}).map(([name, input]) =>
    resolveProperty(definition, name, input, entityTypes, findings),
  )
  const ownByName = new Map(own.map((property) => [property.name, property]))
  const joined = inherited.map((property) => {
    const again = ownByName.get(property.name)
    if (again === undefined) return property
    ownByName.delete(property.name)
    if (isSameType(property, again)) return again
    const message = `"${property.name}" is inherited as ${describeType(property)} and cannot be changed to ${describeType(again)}.`
    findings.add(findingCodes.inheritance, placeIn(definition, ['properties', property.name]), message, {
      remedy: 'Give it the inherited type, or another name.',
    })
    return property
  })
  return [...joined, ...ownByName.values()]
}

function resolveProperty(
  definition: Definition<unknown>,
  name: string,
  input: PropertyInput,
  entityTypes: EntityTypes,
  findings: Findings,
): Property {
  if (typeof input === 'string') return { name, type: input, description: undefined, required: false }
  if (input.type === 'reference') {
    const path = ['properties', name, 'to']
    checkEntityType(definition, path, input.to, entityTypes, findings)
    return { ...common(name, input), type: 'reference', to: input.to, ...referenceImpact(input.impact) }
  }
  if (input.type === 'file' || input.type === 'secret') return { ...common(name, input), type: input.type }
  return resolveScalar(definition, name, input, findings)
}

function resolveScalar(
  definition: Definition<unknown>,
  name: string,
  input: LinkPropertyInput,
  findings: Findings,
): ScalarProperty | EnumProperty {
  if (typeof input === 'string') return { name, type: input, description: undefined, required: false }
  if (input.type !== 'enum') return { ...common(name, input), type: input.type }
  const path = ['properties', name, 'values']
  const values = input.values.map((_, index) => textIn(definition, [...path, index]))
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) === index) continue
    const place = placeIn(definition, [...path, index])
    findings.add(findingCodes.wrongValue, place, `"${value}" occurs twice in the values.`)
  }
  return { ...common(name, input), type: 'enum', values }
}

function common(name: string, input: Exclude<PropertyInput, string>) {
  return { name, description: input.description, required: input.required ?? false }
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

function checkDisplay(
  definition: Definition<EntityTypeInput>,
  display: string,
  properties: readonly Property[],
  findings: Findings,
): void {
  const names = properties.map((property) => property.name)
  const place = placeIn(definition, ['display'])
  if (properties.some((property) => property.name === display && isSecret(property))) {
    const message = `"${display}" is a secret and cannot be displayed.`
    findings.add(findingCodes.wrongValue, place, message, { remedy: 'Use another property.' })
  }
  if (names.includes(display)) return
  const message = `"${definition.name}" has no property "${display}" for "display".`
  findings.add(findingCodes.unknownName, place, message, {
    remedy: suggestion(display, names),
  })
}

function checkEntityType(
  definition: Definition<unknown>,
  path: YamlPath,
  name: string,
  entityTypes: EntityTypes,
  findings: Findings,
): void {
  if (entityTypes.has(name)) return
  findings.add(findingCodes.unknownName, placeIn(definition, path), `There is no entity type "${name}".`, {
    remedy: suggestion(name, entityTypes.keys()),
  })
}

function resolveAssociation(
  definition: Definition<AssociationInput>,
  entityTypes: EntityTypes,
  findings: Findings,
): Association {
  const { name, value } = definition
  checkEntityType(definition, ['from'], value.from, entityTypes, findings)
  checkEntityType(definition, ['to'], value.to, entityTypes, findings)
  const properties = Object.entries(value.properties ?? {}).map(([property, input]) =>
    resolveScalar(definition, property, input, findings),
  )
  return {
    name,
    description: value.description,
    from: value.from,
    to: value.to,
    cardinality: value.cardinality ?? 'many-to-many',
    properties,
    ...linkImpact(definition, properties, findings),
  }
}
