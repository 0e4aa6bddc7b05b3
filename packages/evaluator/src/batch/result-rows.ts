/**
 * What a root gives → rows of results: one for each configuration item and relationship.
 *
 * @module
 */
import { bareKeyProperty, storableText } from '@sluice/model'
import { type Ci, nothing, type Relationship, Time, textOf, type Value } from '@sluice/syncmapping'

/** The columns of a mapping that are attributes, by its name, which is that of the class. */
export type MappedAttributes = ReadonlyMap<string, ReadonlySet<string>>

export interface ResultRow {
  readonly mapping: string
  readonly key: string
  readonly fields: Readonly<Record<string, string>>
}

/** Bytes: two of them, and the name of a root, stand in one index. */
export const longestKey = 900

export function rowOfCi(ci: Ci, attributes: ReadonlySet<string>): ResultRow {
  const fields = fieldsOf(ci.attributes, attributes)
  if (attributes.has(bareKeyProperty)) fields[bareKeyProperty] = storableText(ci.key)
  return { mapping: ci.className, key: keyOf(ci), fields }
}

export function rowOfRelationship(
  { className, source, destination, attributes: given }: Relationship,
  attributes: ReadonlySet<string>,
): ResultRow {
  return {
    mapping: className,
    key: JSON.stringify([keyOf(source), keyOf(destination)]),
    fields: fieldsOf(given, attributes),
  }
}

const usualNamespace = 'BMC.CORE'

/** `<class>/<key>`, behind a namespace that is not the usual one. */
export function keyOf({ className, namespace, key }: Pick<Ci, 'className' | 'namespace' | 'key'>): string {
  const before = namespace === usualNamespace ? '' : `${namespace}:`
  return storableText(`${before}${className}/${key}`)
}

function fieldsOf(
  given: ReadonlyMap<string, Value>,
  attributes: ReadonlySet<string>,
): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [name, value] of given) {
    if (attributes.has(name) && value !== null && value !== nothing)
      fields[name] = storableText(written(value))
  }
  return fields
}

/** As values stand in files. */
export function written(value: Value): string {
  if (typeof value === 'string') return value
  return value instanceof Time ? new Date(value.milliseconds).toISOString() : textOf(value)
}
