/**
 * What the agent remembers of its schedules: one small file, replaced as a whole.
 *
 * It is written before a job begins, so that a start is never made twice, and after it ended, so that a
 * job that was killed can be distinguished from one that ended.
 *
 * @module
 */
import { dirname, join } from 'node:path'
import { makePrivateFolder, readIfThere, writeDurably } from '@sluice/files'
import { z } from 'zod'

const recordSchema = z.object({
  /** Cron expression and time zone that the times are of. */
  schedule: z.string(),
  /** UTC: every start up to here was made or left out. */
  settled: z.iso.datetime(),
  /** UTC: the last start that was made. */
  startedAt: z.iso.datetime().nullable(),
  /** UTC; `null` while it is at work. */
  endedAt: z.iso.datetime().nullable(),
  /** How it ended. */
  state: z.string().nullable(),
  /** How often in a row it was begun and not ended. */
  interrupted: z.int().nonnegative(),
  /** UTC: when it last ended well. */
  doneAt: z.iso.datetime().nullable().default(null),
  /** Of the jobs that it comes after: the `doneAt` that its last start was made after. */
  taken: z.record(z.string(), z.iso.datetime()).default({}),
})
const stateSchema = z.object({ version: z.literal(1), jobs: z.record(z.string(), recordSchema) })

export type ScheduleRecord = Readonly<z.infer<typeof recordSchema>>

export interface ScheduleState {
  readonly jobs: ReadonlyMap<string, ScheduleRecord>
  /** Why the file could not be used, if there is one: it counts as empty. */
  readonly unreadable?: string | undefined
}

export function schedulePath(workFolder: string): string {
  return join(workFolder, 'state', 'jobs.json')
}

export async function readScheduleState(path: string): Promise<ScheduleState> {
  let text: string | undefined
  try {
    text = await readIfThere(path)
  } catch (error) {
    return { jobs: new Map(), unreadable: String(error) }
  }
  if (text === undefined) return { jobs: new Map() }
  try {
    return { jobs: new Map(Object.entries(stateSchema.parse(JSON.parse(text)).jobs)) }
  } catch {
    return { jobs: new Map(), unreadable: 'It is not as the agent writes it.' }
  }
}

/** Whole or not at all, whatever happens to the process or the machine. */
export async function writeScheduleState(
  path: string,
  jobs: ReadonlyMap<string, ScheduleRecord>,
): Promise<void> {
  await makePrivateFolder(dirname(path))
  const document: z.infer<typeof stateSchema> = { version: 1, jobs: Object.fromEntries(jobs) }
  await writeDurably(path, `${JSON.stringify(document, undefined, 2)}\n`)
}
