/**
 * Microsoft Entra ID, as Graph shows it: delta queries tell changes and deletions.
 *
 * @module
 */
import type { z } from 'zod'
import { graphManifest } from '../rest/microsoft-graph.ts'
import type { DeltaChanges, Manifest, RestTable } from '../rest/options.ts'
import type { entraOptions } from './options.ts'

const changes: DeltaChanges = { by: 'delta', link: '@odata.deltaLink', removed: '@removed' }

/** Of users or of groups: without columns Graph chooses what it sends. */
const objects = (path: string): RestTable => ({
  path: `${path}/delta`,
  query: { $select: '{columns}' },
  records: 'value',
  key: 'id',
  changes,
})

/** Who is in a group, or owns it: a group comes along with those that came or went. */
const ofGroups = (what: string, column: string): RestTable => ({
  path: '/groups/delta',
  query: { $select: what },
  records: 'value',
  each: `${what}@delta`,
  columns: { group: 'id', [column]: `${what}@delta.id` },
  references: { group: 'groups', [column]: 'users' },
  changes,
})

export function entraManifest(options: z.output<typeof entraOptions>): Manifest {
  return graphManifest(options, {
    users: objects('/users'),
    groups: objects('/groups'),
    members: ofGroups('members', 'member'),
    owners: ofGroups('owners', 'owner'),
    managers: {
      path: '/users',
      query: { $select: 'id', $expand: 'manager($select=id)', $top: 999 },
      records: 'value',
      each: 'manager',
      columns: { user: 'id', manager: 'manager.id' },
      references: { user: 'users', manager: 'users' },
    },
  })
}
