/**
 * Does one thing and prints how much memory the process held at most: prepare a file, or synchronize
 * prepared files (first load, then unchanged).
 *
 * @module
 */
import { z } from 'zod'
import { prepareVersion, synchronizeTwice } from './synchronize.ts'

const task = z.discriminatedUnion('task', [
  z.object({ task: z.literal('prepare'), folder: z.string(), rows: z.number() }),
  z.object({
    task: z.literal('synchronize'),
    folder: z.string(),
    rows: z.number(),
    url: z.string().optional(),
  }),
])

const asked = task.parse(JSON.parse(process.argv[2] ?? '{}'))
const bench = { folder: asked.folder, rows: asked.rows, rounds: 1 }
if (asked.task === 'prepare') await prepareVersion(bench, 1)
else await synchronizeTwice({ ...bench, url: asked.url })
// maxRSS is in kilobytes on every platform.
process.send?.({ megabytes: Math.round(process.resourceUsage().maxRSS / 1024) })
process.disconnect()
