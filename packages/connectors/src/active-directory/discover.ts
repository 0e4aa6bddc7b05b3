/**
 * What a forest holds: entries with the attributes that some of them show, the members of groups, and managers.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { Forest } from './domain.ts'
import type { ActiveDirectoryOptions } from './options.ts'
import { readTable } from './read-table.ts'
import { readSchema } from './schema.ts'
import { suggestedColumns } from './suggested-columns.ts'

/** Entries that are looked at, in all. */
const most = 20_000

const entriesFile = 'entries.csv'
/** Computers and service accounts are users, too. */
const filter =
  '(|(objectClass=user)(objectClass=group)(objectClass=contact)(objectClass=organizationalUnit)(objectClass=foreignSecurityPrincipal))'

export async function discover(
  options: ActiveDirectoryOptions,
  context: ConnectorContext,
): Promise<Discovered> {
  const forest = await Forest.open(options, context)
  try {
    const schema = await readSchema(forest.first)
    const seen = new Map<string, number>()
    let looked = 0
    const places = forest.placesOf({})
    for (const place of places) {
      const of = {
        name: 'entries',
        file: entriesFile,
        table: { filter },
        columns: [],
        attributes: [],
        places,
        search: '',
      }
      for await (const entry of readTable(of, {
        place,
        attributes: ['*'],
        pageSize: options.pageSize ?? 1000,
      })) {
        if (looked === most) break
        looked++
        for (const name of entry.attributes.keys()) seen.set(name, (seen.get(name) ?? 0) + 1)
      }
    }
    const columns = suggestedColumns({ schema, seen, looked, file: entriesFile })
    const some = `Only ${most} entries were looked at; there may be other attributes.`
    const notes = [
      'Users, groups, computers, contacts and organizational units are rows of one table, because any of them can be a member.',
      'With changes: dirsync, and mode: incremental at the source, only what has changed is read.',
      ...(looked < most ? [] : [some]),
    ]
    return { tables: [entriesTable(columns, looked), membersTable], notes }
  } finally {
    forest.close()
  }
}

function entriesTable(columns: readonly DiscoveredColumn[], rows: number): DiscoveredTable {
  return { file: entriesFile, name: 'entry', kind: 'entities', options: { filter }, columns, rows }
}

const toEntry = { references: { file: entriesFile, column: 'objectGUID' } }
const membersTable: DiscoveredTable = {
  file: 'members.csv',
  name: 'members',
  kind: 'links',
  options: { filter: '(objectClass=group)', links: 'member' },
  columns: [
    { name: 'objectGUID', type: 'text', ...toEntry },
    { name: 'member.objectGUID', type: 'text', ...toEntry },
  ],
}
