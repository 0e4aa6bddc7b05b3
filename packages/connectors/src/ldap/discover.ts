/**
 * What a directory holds: kinds of entries with their attributes, as those that are looked at show them.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { Connection } from '../directory/connection.ts'
import { type EntryKind, SeenEntries } from '../directory/entry-kinds.ts'
import { basesOf, readEntries } from '../directory/read-entries.ts'
import { readRoot } from '../directory/root-entry.ts'
import type { LdapOptions } from './options.ts'

/** Entries that are looked at, in all. */
const most = 50_000

export async function discover(options: LdapOptions, context: ConnectorContext): Promise<Discovered> {
  const connection = await Connection.open(options, context)
  try {
    const named = basesOf(options, {}).filter((base) => base !== '')
    const bases = named.length > 0 ? named : (await readRoot(connection)).all('namingcontexts')
    const seen = new SeenEntries()
    for (const base of bases) await look(connection, base, options, seen)
    const kinds = seen.kinds()
    const tables = kinds.flatMap((kind) => [tableOf(kind, kinds), ...linkTablesOf(kind, kinds)])
    const some = `Only ${most} entries were looked at; there may be other kinds and other attributes.`
    const notes = seen.entries < most ? [] : [some]
    return { tables, notes }
  } finally {
    connection.close()
  }
}

async function look(
  connection: Connection,
  base: string,
  { pageSize = 500 }: LdapOptions,
  seen: SeenEntries,
): Promise<void> {
  // The connection is closed soon, so nobody waits for the rest of a page.
  for await (const entry of readEntries(connection, { base, table: {}, attributes: ['*', '+'], pageSize })) {
    if (seen.entries === most) return
    seen.add(entry)
  }
}

const fileOf = ({ name }: EntryKind) => `${name}.csv`

function tableOf(kind: EntryKind, kinds: readonly EntryKind[]): DiscoveredTable {
  const hasId = kind.attributes.has('entryuuid')
  const own: readonly DiscoveredColumn[] = [
    ...(hasId ? [{ name: 'entryUUID', type: 'text' as const, key: true as const }] : []),
    { name: 'dn', type: 'text', ...(hasId ? {} : { key: true as const }) },
  ]
  const others = [...kind.attributes.values()].flatMap((attribute): readonly DiscoveredColumn[] => {
    if (attribute.operational || (attribute.refersTo !== undefined && attribute.several)) return []
    const target = kinds.find(({ name }) => name === attribute.refersTo)
    return [
      {
        name: attribute.name,
        type: 'text',
        ...(target === undefined ? {} : { references: { file: fileOf(target), column: 'dn' } }),
        ...(attribute.entries * 2 < kind.looked ? { minor: true as const } : {}),
      },
    ]
  })
  return {
    file: fileOf(kind),
    name: kind.name,
    kind: 'entities',
    options: { filter: `(objectClass=${kind.name})` },
    columns: [...own, ...others],
    rows: kind.entries,
  }
}

function linkTablesOf(kind: EntryKind, kinds: readonly EntryKind[]): readonly DiscoveredTable[] {
  return [...kind.attributes.values()].flatMap((attribute) => {
    const target = kinds.find(({ name }) => name === attribute.refersTo)
    if (attribute.operational || !attribute.several || target === undefined) return []
    const name = `${kind.name}_${attribute.name}`
    return [
      {
        file: `${name}.csv`,
        name,
        kind: 'links' as const,
        options: { filter: `(objectClass=${kind.name})`, links: attribute.name },
        columns: [
          { name: 'dn', type: 'text' as const, references: { file: fileOf(kind), column: 'dn' } },
          { name: attribute.name, type: 'text' as const, references: { file: fileOf(target), column: 'dn' } },
        ],
      },
    ]
  })
}
