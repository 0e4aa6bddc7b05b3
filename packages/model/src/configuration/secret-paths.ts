/**
 * Where in the options of a connector secrets stand, as its schema says.
 *
 * @module
 */
import type { YamlPath } from './yaml-file.ts'

/** A schema as JSON Schema has it; what is not one allows anything. */
type JsonSchema = unknown

/** The paths within `value` that the schema marks as secrets (`secretSchema`), whichever of several forms the value has. */
export function secretPaths(schema: JsonSchema, value: unknown): readonly YamlPath[] {
  return below([schema], value, [])
}

function below(schemas: readonly JsonSchema[], value: unknown, path: YamlPath): readonly YamlPath[] {
  const all = schemas.flatMap(formsOf)
  if (all.some((schema) => schema['secret'] === true)) return [path]
  if (Array.isArray(value)) {
    const items = all.map((schema) => schema['items'])
    return value.flatMap((item, index) => below(items, item, [...path, index]))
  }
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const parts = all.map((schema) => {
      const { properties, additionalProperties } = schema
      return isMap(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties
    })
    return below(parts, part, [...path, key])
  })
}

/** The schema with those that it is made of. */
function formsOf(schema: JsonSchema): readonly Readonly<Record<string, unknown>>[] {
  if (!isMap(schema)) return []
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const forms = schema[key]
    return Array.isArray(forms) ? forms : []
  })
  return [schema, ...others.flatMap(formsOf)]
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
