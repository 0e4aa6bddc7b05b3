/**
 * Reads any directory that speaks LDAP.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { check } from './check.ts'
import { discover } from './discover.ts'
import { exportTables } from './export.ts'
import { ldapOptions } from './options.ts'

export const ldap = defineConnector({
  kind: 'ldap',
  title: 'Any LDAP server, such as OpenLDAP, 389 Directory Server or eDirectory',
  options: ldapOptions,
  packages: { ldapts: '9.2.0' },
  tables: ({ tables }) => Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
  check,
  discover,
  export: exportTables,
})
