/**
 * What stands for no value, as it was written: `NULL` is a text here, which YAML takes for nothing.
 *
 * @module
 */
import { type Definition, textIn } from './definition.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** The definition with the texts in place of what YAML reads. */
export function withAbsentTexts(definition: Definition<SourceInput>): SourceInput {
  const { value } = definition
  const written = <T>(part: T, path: YamlPath): T => {
    if (typeof part !== 'object' || part === null || !('absent' in part) || !Array.isArray(part.absent))
      return part
    return { ...part, absent: part.absent.map((_, index) => textIn(definition, [...path, 'absent', index])) }
  }
  const mapped = <T>(parts: Readonly<Record<string, T>>, path: YamlPath): Record<string, T> =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, written(part, [...path, name])]))
  const entities = Object.entries(value.entities ?? {}).map(([name, mapping]) => {
    const path = ['entities', name]
    const properties = mapped(mapping.properties, [...path, 'properties'])
    return [name, { ...written(mapping, path), properties }] as const
  })
  const associations = Object.entries(value.associations ?? {}).map(([name, mapping]) => {
    const path = ['associations', name]
    const { from, to, properties } = mapping
    const ends = { from: written(from, [...path, 'from']), to: written(to, [...path, 'to']) }
    const links = properties && { properties: mapped(properties, [...path, 'properties']) }
    return [name, { ...written(mapping, path), ...ends, ...links }] as const
  })
  return {
    ...written(value, []),
    ...(value.entities === undefined ? {} : { entities: Object.fromEntries(entities) }),
    ...(value.associations === undefined ? {} : { associations: Object.fromEntries(associations) }),
  }
}
