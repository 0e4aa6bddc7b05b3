/**
 * Runs a Singer tap, of which there are hundreds: https://www.singer.io, https://hub.meltano.com.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { singerOptions } from './options.ts'

export const singer = defineConnector({
  kind: 'singer',
  title: 'What a Singer tap reads',
  options: singerOptions,
  tables: ({ tables }) => Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
  check: async (options, context) => (await import('./check.ts')).check(options, context),
  discover: async (options, context) => (await import('./discover.ts')).discover(options, context),
  export: async (options, context) => (await import('./export.ts')).exportTables(options, context),
})
