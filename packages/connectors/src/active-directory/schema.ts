/**
 * What the directory's own schema says of attributes.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { readEntries } from '../directory/read-entries.ts'
import type { Domain } from './domain.ts'

export interface SchemaAttribute {
  readonly name: string
  /** Its values name entries. */
  readonly names: boolean
  /** DirSync tells which of its values came and went. */
  readonly forward: boolean
  /** It changes with the entry, so DirSync tells when it does. Others are computed, or of one server alone. */
  readonly followed: boolean
}

/** By name in lower case. */
export type Schema = ReadonlyMap<string, SchemaAttribute>

const flags = { notReplicated: 1, constructed: 4 }
const nameSyntaxes: ReadonlySet<string> = new Set(['2.5.5.1', '2.5.5.7', '2.5.5.14'])

/** All attributes there are; empty where the user may not read the schema. */
export async function readSchema({ connection, root }: Domain): Promise<Schema> {
  const base = root.one('schemanamingcontext')
  const found = new Map<string, SchemaAttribute>()
  if (base === undefined) return found
  const table = { filter: '(objectClass=attributeSchema)' }
  const attributes = ['lDAPDisplayName', 'attributeSyntax', 'systemFlags', 'linkID']
  for await (const entry of readEntries(connection, { base, table, attributes, pageSize: 1000 })) {
    const text = (attribute: string) => entry.attributes.get(attribute)?.[0]?.toString('utf8')
    const name = text('ldapdisplayname')
    if (name === undefined) continue
    const link = text('linkid')
    const backward = link !== undefined && Number(link) % 2 === 1
    const system = Number(text('systemflags') ?? 0)
    found.set(name.toLowerCase(), {
      name,
      names: nameSyntaxes.has(text('attributesyntax') ?? ''),
      forward: link !== undefined && !backward,
      followed: !backward && (system & (flags.notReplicated | flags.constructed)) === 0,
    })
  }
  return found
}

/** Throws where a mapping reads what there is not: it would be empty, for everybody. */
export function refuseUnknown(schema: Schema, file: string, attributes: Iterable<string>): void {
  if (schema.size === 0) return
  for (const attribute of attributes) {
    const [name = ''] = attribute.split(';')
    if (schema.has(name.toLowerCase())) continue
    throw new ManagedSystemError(`The directory has no attribute "${name}", which ${file} is to have.`, {
      remedy:
        ofNamed(name) ??
        suggestion(
          name,
          [...schema.values()].map((known) => known.name),
        ) ??
        'Look at the names in the mapping.',
    })
  }
}

/** Of what an attribute names, there is the id and nothing else. */
function ofNamed(name: string): string | undefined {
  const [attribute, part] = name.split('.')
  return part === undefined
    ? undefined
    : `Of the entries that it names there is the id: ${attribute}.objectGUID.`
}
