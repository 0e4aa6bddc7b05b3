/**
 * Finds the property of a target by which a column names it.
 *
 * What is written wins. Else it is the key by which the same source identifies resources of the
 * target, else the key on which all sources agree: a key is what makes a resource unique, while the
 * property it is displayed by may not.
 *
 * @module
 */
import { canName, type EntityModel, type EntityType } from '../entity/entity-model.ts'
import { lookupBy } from '../source/lookup-by.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** In place of a property: the values are ids of resources. */
const resourceIdName = 'resource_id'

/** The property of `entityType`, or several (`lookup-by.ts`); empty after a finding. */
export type ResolveBy = (
  entityType: string,
  by: string | readonly string[] | undefined,
  path: YamlPath,
) => string

export function createResolveBy(
  source: Definition<SourceInput>,
  sources: ReadonlyMap<string, Definition<SourceInput>>,
  model: EntityModel,
  findings: Findings,
): ResolveBy {
  return (entityType, by, path) => {
    const type = model.entityTypes.get(entityType)
    // Its absence is a finding of the model already.
    if (type === undefined) return ''
    if (by === resourceIdName && source.value.table === true) return resourceIdName
    if (by === undefined) {
      const found =
        keyOf(type, [source], model) ?? keyOf(type, sources.values(), model) ?? shownBy(source, type)
      if (found !== undefined) return found
      const message = `It is not clear which property of "${entityType}" the column holds.`
      findings.add(findingCodes.mapping, placeIn(source, path), message, {
        remedy: `Write {column: …, by: …} with a property of "${entityType}".`,
      })
      return ''
    }
    if (typeof by === 'object')
      return severalOf(type, by, (index) => placeIn(source, [...path, index]), findings)
    checkBy(type, by, () => placeIn(source, path), findings)
    return by
  }
}

function severalOf(
  type: EntityType,
  names: readonly string[],
  placeOf: (index: number) => ReturnType<typeof placeIn>,
  findings: Findings,
): string {
  for (const [index, name] of names.entries()) {
    checkBy(type, name, () => placeOf(index), findings)
    if (names.indexOf(name) === index) continue
    findings.add(findingCodes.mapping, placeOf(index), `"by" names "${name}" twice.`, {
      remedy: 'Name each property once.',
    })
  }
  return lookupBy(names)
}

/** Whoever fills a table by hand names things as people know them. */
function shownBy({ value }: Definition<SourceInput>, type: EntityType): string | undefined {
  return value.table === true && typeof type.display === 'string' ? type.display : undefined
}

/** The one key by which these sources identify resources of the type; empty where a key has a finding already. */
function keyOf(
  type: EntityType,
  sources: Iterable<Definition<SourceInput>>,
  model: EntityModel,
): string | undefined {
  const keys = new Set<string>()
  for (const { value } of sources) {
    for (const [name, mapping] of Object.entries(value.entities ?? {})) {
      // Rows of open tables are told apart by what is no property.
      if (!isA(model, name, type.name) || value.table === true) continue
      if (mapping.key === undefined || !Object.hasOwn(mapping.properties, mapping.key)) return ''
      keys.add(mapping.key)
    }
  }
  const [key] = keys
  return keys.size === 1 && type.properties.some(({ name }) => name === key) ? key : undefined
}

export function isA(model: EntityModel, entityType: string, ancestor: string | undefined): boolean {
  for (let name: string | undefined = entityType; name; name = model.entityTypes.get(name)?.extends) {
    if (name === ancestor) return true
  }
  return false
}

function checkBy(
  type: EntityType,
  by: string,
  place: () => ReturnType<typeof placeIn>,
  findings: Findings,
): void {
  const property = type.properties.find(({ name }) => name === by)
  if (property === undefined) {
    findings.add(findingCodes.unknownName, place(), `"${type.name}" has no property "${by}".`, {
      remedy: suggestion(
        by,
        type.properties.map(({ name }) => name),
      ),
    })
  } else if (!canName(property)) {
    const message = `"${by}" of "${type.name}" is a ${property.type} and cannot name a resource.`
    findings.add(findingCodes.mapping, place(), message, { remedy: 'Use a property with a plain value.' })
  }
}
