/**
 * The mapped properties of an entity type or an association.
 *
 * @module
 */
import type { Association, EntityType, Property } from '../entity/entity-model.ts'
import type { PropertyMapping } from '../source/source.ts'
import { placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { MappingContext } from './mapping-context.ts'
import { suggestion } from './names.ts'
import type { PropertyMappingInput } from './property-mapping-schema.ts'
import { checkPartNames } from './resolve-naming.ts'
import { resolvePropertyMapping } from './resolve-property-mapping.ts'
import type { YamlPath } from './yaml-file.ts'

export function resolveProperties(
  context: MappingContext,
  path: YamlPath,
  owner: EntityType | Association,
  inputs: Readonly<Record<string, PropertyMappingInput>>,
): readonly PropertyMapping[] {
  const { source, findings, model, resolveBy, shaping, cleansing } = context
  const known = new Map<string, Property>(owner.properties.map((property) => [property.name, property]))
  const mappings = Object.entries(inputs).flatMap(([name, input]) => {
    const propertyPath = [...path, 'properties', name]
    const property = known.get(name)
    if (property === undefined) {
      const message = `"${owner.name}" has no property "${name}".`
      findings.add(findingCodes.unknownName, placeIn(source, propertyPath, 'key'), message, {
        remedy: suggestion(name, known.keys()),
      })
      return []
    }
    return [
      resolvePropertyMapping(
        { source, path: propertyPath, findings, model, resolveBy, shaping, cleansing },
        property,
        input,
      ),
    ]
  })
  checkPartNames({ source, path, findings }, owner, mappings)
  return mappings
}
