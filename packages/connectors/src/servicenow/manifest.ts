/**
 * ServiceNow, as its Table API shows it: pages by the header Link, changes by `sys_updated_on`, and no deletions.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest, RestTable } from '../rest/options.ts'
import type { ServiceNowTable, serviceNowOptions } from './options.ts'

/** Of the tables that every instance has, what refers to what. */
const references: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sys_user: { manager: 'sys_user' },
  sys_user_group: { manager: 'sys_user', parent: 'sys_user_group' },
  sys_user_grmember: { user: 'sys_user', group: 'sys_user_group' },
}
const usual: Readonly<Record<string, ServiceNowTable>> = {
  sys_user: {},
  sys_user_group: {},
  // Who has left a group is seen by comparing only.
  sys_user_grmember: { changed: false },
  cmdb_ci_server: {},
}

export function serviceNowManifest(options: z.output<typeof serviceNowOptions>): Manifest {
  const { address, authentication, pageSize = 1000, tables } = options
  const named = Object.keys(tables).length === 0 ? usual : tables
  return {
    address,
    ...(authentication === undefined ? {} : { authentication }),
    // The rights to a record are applied after a page was cut: a page may be short, or empty, and others follow.
    pages: { by: 'link-header', size: { parameter: 'sysparm_limit', value: pageSize } },
    query: {
      sysparm_exclude_reference_link: true,
      sysparm_display_value: false,
    },
    tables: Object.fromEntries(Object.entries(named).map(([name, table]) => [name, tableOf(name, table)])),
  }
}

function tableOf(name: string, { table = name, query, changed = true }: ServiceNowTable): RestTable {
  const conditions = query === undefined ? [] : [String(query)]
  const encoded = (...parts: readonly string[]) => [...parts, 'ORDERBYsys_id'].join('^')
  return {
    path: `/api/now/table/${encodeURIComponent(String(table))}`,
    query: { sysparm_query: encoded(...conditions), sysparm_fields: '{columns}' },
    records: 'result',
    key: 'sys_id',
    ...(references[name] === undefined ? {} : { references: references[name] }),
    ...(changed
      ? {
          changes: {
            by: 'time' as const,
            changed: 'sys_updated_on',
            query: { sysparm_query: encoded(...conditions, 'sys_updated_on>={since}') },
          },
        }
      : {}),
  }
}
