/**
 * The reference part of docs/configuration.md, written from the schema's own descriptions, so that
 * page, editor and check never say different things.
 *
 * @module
 */
import type { configurationJsonSchema } from '@sluice/model'

type Schema = ReturnType<typeof configurationJsonSchema>
type AnySchema = Schema | boolean

/** The order of reading: what stands in `sluice.yaml` from top to bottom. */
const order = [
  'Repository',
  'Prepare',
  'EntityType',
  'Property',
  'SimpleProperty',
  'EnumProperty',
  'ReferenceProperty',
  'FileProperty',
  'Association',
  'LinkProperty',
  'Source',
  'FileFormat',
  'EntityMapping',
  'PropertyMapping',
  'Words',
  'AssociationMapping',
  'EndMapping',
  'Limit',
  'EntityLimits',
  'AssociationLimits',
  'SourceLimits',
]
/** Long spellings are shown together with their short ones. */
const detailsOf = (name: string) => `${name}Details`

export function configurationReference(schema: Schema): string {
  const definitions = definitionsOf(schema)
  const shortOf = new Set([...definitions.keys()].map(detailsOf))
  const untold = [...definitions.keys()].filter((name) => !order.includes(name) && !shortOf.has(name))
  const sections = [...order, ...untold].map((name) => section(name, definitions))
  const main = `### sluice.yaml\n\n${keyTable(schema, definitions)}`
  return [main, ...sections].join('\n\n')
}

function definitionsOf(schema: Schema): ReadonlyMap<string, Schema> {
  const entries = Object.entries(schema['definitions'] ?? {})
  return new Map(entries.flatMap(([name, found]) => (typeof found === 'object' ? [[name, found]] : [])))
}

function section(name: string, definitions: ReadonlyMap<string, Schema>): string {
  const schema = definitions.get(name)
  if (schema === undefined) throw new Error(`The schema has no definition "${name}".`)
  const details = definitions.get(detailsOf(name)) ?? schema
  const parts = [`### ${headingOf(name, definitions)}`]
  if (schema.description !== undefined) parts.push(schema.description)
  if (schema.anyOf !== undefined) parts.push(`Either ${typeOf(schema, definitions, name)}.`)
  if (details.properties !== undefined) parts.push(keyTable(details, definitions))
  return parts.join('\n\n')
}

function headingOf(name: string, definitions: ReadonlyMap<string, Schema>): string {
  return definitions.get(name)?.title ?? name
}

function keyTable(schema: Schema, definitions: ReadonlyMap<string, Schema>): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const required = schema.required?.includes(key) === true ? ' (required)' : ''
    return `| \`${key}\`${required} | ${cell(typeOf(value, definitions))} | ${cell(textOf(value, definitions))} |`
  })
  return ['| key | value | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

function textOf(schema: AnySchema, definitions: ReadonlyMap<string, Schema>): string {
  if (typeof schema === 'boolean') return ''
  const target = referenced(schema, definitions)
  const text = schema.description ?? target?.description ?? ''
  const standard = schema.default ?? target?.default
  return standard === undefined ? text : `${text} Default: \`${String(standard)}\`.`
}

function referenced(schema: Schema, definitions: ReadonlyMap<string, Schema>): Schema | undefined {
  const reference = referenceOf(schema)
  return reference === undefined ? undefined : definitions.get(reference)
}

function referenceOf(schema: Schema): string | undefined {
  const [only] = schema.allOf ?? []
  const reference = schema.$ref ?? (typeof only === 'object' ? only.$ref : undefined)
  return reference?.split('/').at(-1)
}

/** What may stand there; `owner` is the definition that is being described, which needs no link to itself. */
function typeOf(schema: AnySchema, definitions: ReadonlyMap<string, Schema>, owner?: string): string {
  if (typeof schema === 'boolean') return 'anything'
  const reference = referenceOf(schema)
  if (reference !== undefined) return linkTo(reference, definitions, owner)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined) return joinTypes(branches, definitions, owner)
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ')
  if (schema.const !== undefined) return code(schema.const)
  return typeOfKind(schema, definitions)
}

function typeOfKind(schema: Schema, definitions: ReadonlyMap<string, Schema>): string {
  const { type, items, additionalProperties } = schema
  if (type === 'array') {
    return `list of ${typeof items === 'object' && !Array.isArray(items) ? typeOf(items, definitions) : 'anything'}`
  }
  if (type !== 'object') return plainTypes[String(type)] ?? String(type)
  return additionalProperties === undefined || additionalProperties === false
    ? 'a map'
    : `names, each with ${typeOf(additionalProperties, definitions)}`
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: '`true` or `false`',
}

function joinTypes(
  branches: readonly AnySchema[],
  definitions: ReadonlyMap<string, Schema>,
  owner: string | undefined,
): string {
  const types = branches.map((branch) => typeOf(branch, definitions, owner))
  // Text may be written as a number too; saying so everywhere would only puzzle.
  if (types[0] === 'text' && types[1] === 'number') return 'text'
  return [...new Set(types)].join(', or ')
}

function linkTo(name: string, definitions: ReadonlyMap<string, Schema>, owner: string | undefined): string {
  if (owner !== undefined && name === detailsOf(owner)) return 'a map'
  const heading = headingOf(name, definitions)
  return `[${heading.toLowerCase()}](#${heading.toLowerCase().replaceAll(' ', '-')})`
}

function code(value: unknown): string {
  return value === '\t'
    ? '`"\\t"`'
    : `\`${typeof value === 'string' && /^[^\w]/.test(value) ? `"${value}"` : String(value)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
