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
  const definitions = isMap(schema) && isMap(schema['$defs']) ? schema['$defs'] : {}
  return below({ schemas: [schema], definitions }, value, [])
}

interface Schemas {
  readonly schemas: readonly JsonSchema[]
  /** What they name with `$ref`. */
  readonly definitions: Readonly<Record<string, unknown>>
}

function below({ schemas, definitions }: Schemas, value: unknown, path: YamlPath): readonly YamlPath[] {
  const all = schemas.flatMap((schema) => formsOf(schema, definitions))
  if (all.some((schema) => schema['secret'] === true)) return [path]
  if (Array.isArray(value)) {
    const items = all.map((schema) => schema['items'])
    return value.flatMap((item, index) => below({ schemas: items, definitions }, item, [...path, index]))
  }
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const parts = all.map((schema) => {
      const { properties, additionalProperties } = schema
      return isMap(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties
    })
    return below({ schemas: parts, definitions }, part, [...path, key])
  })
}

/** The schema with those that it is made of. */
function formsOf(
  schema: JsonSchema,
  definitions: Schemas['definitions'],
): readonly Readonly<Record<string, unknown>>[] {
  if (!isMap(schema)) return []
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const forms = schema[key]
    return Array.isArray(forms) ? forms : []
  })
  const [, name = ''] = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref'])) ?? []
  const named = Object.hasOwn(definitions, name) ? [definitions[name]] : []
  return [schema, ...[...others, ...named].flatMap((form) => formsOf(form, definitions))]
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
