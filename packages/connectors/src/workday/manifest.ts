/**
 * Workday, as its reports show it (Reports as a Service): one answer holds all rows.
 *
 * @module
 */
import type { z } from 'zod'
import type { Manifest } from '../rest/options.ts'
import type { workdayOptions } from './options.ts'

export function workdayManifest({
  address,
  user,
  password,
  tables,
}: z.output<typeof workdayOptions>): Manifest {
  return {
    address,
    authentication: { kind: 'basic', user, password },
    query: { format: 'json' },
    // A report comes in one piece, and may be long.
    limits: { answerWithin: '30m', answerMegabytes: 500 },
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, { report, prompts, changed, each, key }]) => [
        name,
        {
          path: `/${String(report).split('/').map(encodeURIComponent).join('/')}`,
          records: 'Report_Entry',
          ...(prompts === undefined ? {} : { query: prompts }),
          ...(each === undefined ? {} : { each: String(each) }),
          ...(key === undefined ? {} : { key: String(key) }),
          ...(changed === undefined
            ? {}
            : {
                changes: {
                  by: 'time' as const,
                  changed: String(changed.column),
                  query: { [String(changed.prompt)]: '{since}' },
                },
              }),
        },
      ]),
    ),
  }
}
