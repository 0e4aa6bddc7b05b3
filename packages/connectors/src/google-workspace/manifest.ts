/**
 * Google Workspace, as its Directory API shows it: pages by a token, and no way to ask for changes.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest, RestTable } from '../rest/options.ts'
import type { googleOptions } from './options.ts'

const scope = ['user', 'group', 'group.member', 'orgunit']
  .map((what) => `https://www.googleapis.com/auth/admin.directory.${what}.readonly`)
  .join(' ')

export function googleManifest(options: z.output<typeof googleOptions>): Manifest {
  const { key, subject, customer = 'my_customer', address = 'https://admin.googleapis.com' } = options
  /** A list that is empty is left out of the answer. */
  const list = (path: string, records: string, maxResults: number): RestTable => ({
    path: `/admin/directory/v1/${path}`,
    query: { maxResults },
    records,
    mayBeAbsent: true,
  })
  const mine = { customer: String(customer) }
  const users = list('users', 'users', 500)
  const groups = list('groups', 'groups', 200)
  return {
    address,
    authentication: { kind: 'service-account', key, subject, scope },
    pages: { by: 'cursor', parameter: 'pageToken', next: 'nextPageToken' },
    tables: {
      users: { ...users, key: 'id', query: { ...users.query, ...mine, projection: 'full' } },
      groups: { ...groups, key: 'id', query: { ...groups.query, ...mine } },
      members: {
        ...list('groups/{groups.id}/members', 'members', 200),
        for: 'groups',
        gone: [404],
        columns: { group: 'groups.id', member: 'id' },
        references: { group: 'groups', member: 'users' },
      },
      orgunits: {
        path: `/admin/directory/v1/customer/${encodeURIComponent(String(customer))}/orgunits`,
        query: { type: 'all' },
        records: 'organizationUnits',
        mayBeAbsent: true,
        key: 'orgUnitId',
      },
    },
  }
}
