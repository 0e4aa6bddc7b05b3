/**
 * Exports once with a connector, and says how many rows were written and how much memory the process held at most.
 *
 * @module
 */
import { z } from 'zod'
import { entity, sourceOf } from '../../prepare/test/prepare-text.ts'
import { exportByConnector } from '../src/run/export-by-connector.ts'

const asked = z.object({
  connector: z.string(),
  options: z.record(z.string(), z.unknown()),
  columns: z.array(z.string()),
  folder: z.string(),
  environment: z.record(z.string(), z.string()),
})

const { connector, options, columns, folder, environment } = asked.parse(JSON.parse(process.argv[2] ?? '{}'))
const source = sourceOf(folder, { entities: [entity(columns)], associations: [] })
const by = { connector, options, secrets: [], unset: [], timeout: 600_000, retries: 0, workingFolder: folder }
const exported = await exportByConnector(by, {
  source: { ...source, export: by },
  mode: 'complete',
  answerOf: async () => ({ mode: 'complete' }),
  environment,
})
// maxRSS is in kilobytes on every platform.
process.send?.({ rows: exported.rows, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) })
process.disconnect()
