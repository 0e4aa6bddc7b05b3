/**
 * Okta, as its management API shows it: pages by the header Link, changes by `lastUpdated`.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest, RestTable } from '../rest/options.ts'
import type { oktaOptions } from './options.ts'

const gone = [404]

/** Of each group or application: an id of its own beside that of the one above. */
const below = (above: string, what: string): RestTable => ({
  path: `/api/v1/${above}/{${above}.id}/${what}`,
  query: { limit: 200 },
  for: above,
  gone,
})

export function oktaManifest({ address, token }: z.output<typeof oktaOptions>): Manifest {
  return {
    address,
    authentication: { kind: 'bearer', scheme: 'SSWS', token },
    pages: { by: 'link-header' },
    tables: {
      users: {
        path: '/api/v1/users',
        query: { limit: 200 },
        key: 'id',
        changes: {
          by: 'time',
          changed: 'lastUpdated',
          query: { filter: 'lastUpdated gt "{since}"' },
          // Without a filter Okta leaves them out; a filter brings them back.
          deleted: 'status=DEPROVISIONED',
        },
      },
      groups: {
        path: '/api/v1/groups',
        query: { limit: 200 },
        key: 'id',
        changes: {
          by: 'time',
          changed: 'lastUpdated',
          query: { filter: 'lastUpdated gt "{since}"' },
        },
      },
      apps: { path: '/api/v1/apps', query: { limit: 200 }, key: 'id' },
      members: {
        ...below('groups', 'users'),
        columns: { group: 'groups.id', member: 'id' },
        references: { group: 'groups', member: 'users' },
      },
      app_users: {
        ...below('apps', 'users'),
        columns: { app: 'apps.id', user: 'id' },
        references: { app: 'apps', user: 'users' },
      },
      app_groups: {
        ...below('apps', 'groups'),
        columns: { app: 'apps.id', group: 'id' },
        references: { app: 'apps', group: 'groups' },
      },
    },
  }
}
