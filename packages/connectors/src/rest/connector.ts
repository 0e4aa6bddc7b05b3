/**
 * Reads any system that answers with JSON over HTTP, as a manifest describes it.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { check } from './check.ts'
import { discover } from './discover.ts'
import { exportTables } from './export.ts'
import { restOptions } from './options.ts'

export const rest = defineConnector({
  kind: 'rest',
  title: 'Any system that answers with JSON over HTTP, as its options describe it',
  options: restOptions,
  tables: ({ tables }) => Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
  check,
  discover: (manifest, context) => discover(manifest, context, manifest.tables),
  export: exportTables,
})
