/**
 * SCIM 2.0 (RFC 7643, 7644): resources in pages, changes by `meta.lastModified`, members within groups.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest, Pages, RestTable } from '../rest/options.ts'
import type { scimOptions } from './options.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const modified = 'meta.lastModified'

export function scimManifest(options: z.output<typeof scimOptions>): Manifest {
  const { address, authentication, filter, changes = 'compare' } = options
  return {
    address,
    ...(authentication === undefined ? {} : { authentication }),
    headers: { accept: 'application/scim+json, application/json' },
    pages: pagesOf(options),
    tables: {
      users: {
        ...resources('/Users', filter === undefined ? undefined : String(filter), changes),
        references: { [`${enterprise}.manager.value`]: 'users' },
      },
      groups: resources('/Groups', undefined, changes),
      members: {
        path: '/Groups',
        records: 'Resources',
        each: 'members',
        columns: { group: 'id', member: 'members.value' },
        references: { group: 'groups', member: 'users' },
      },
    },
  }
}

function pagesOf({ paging = 'index', pageSize = 200 }: z.output<typeof scimOptions>): Pages {
  const size = { parameter: 'count', value: pageSize }
  return paging === 'index'
    ? { by: 'offset', parameter: 'startIndex', first: 1, size, total: 'totalResults' }
    : { by: 'cursor', parameter: 'cursor', first: '', next: 'nextCursor', size }
}

/** The filter of people, and the time since when, both have to hold. */
function resources(
  path: string,
  filter: string | undefined,
  changes: 'compare' | 'last-modified',
): RestTable {
  const since = `${modified} ge "{since}"`
  return {
    path,
    records: 'Resources',
    key: 'id',
    ...(filter === undefined ? {} : { query: { filter } }),
    ...(changes === 'compare'
      ? {}
      : {
          changes: {
            by: 'time' as const,
            changed: modified,
            query: { filter: filter === undefined ? since : `(${filter}) and ${since}` },
          },
        }),
  }
}
