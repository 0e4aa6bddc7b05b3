/**
 * Reads Active Directory, and what is like it.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { check } from './check.ts'
import { discover } from './discover.ts'
import { exportTables } from './export.ts'
import { activeDirectoryOptions } from './options.ts'

export const activeDirectory = defineConnector({
  kind: 'active-directory',
  title: 'Active Directory, of Windows Server or Samba',
  options: activeDirectoryOptions,
  packages: { ldapts: '9.2.0' },
  tables: ({ tables }) => Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
  check,
  discover,
  export: exportTables,
})
