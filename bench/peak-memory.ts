/**
 * The most memory a process of ours ever held, measured in a process that does nothing else.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** What the child is asked to do; see `peak-memory-child.ts`. */
export type MemoryTask =
  | { readonly task: 'prepare'; readonly folder: string; readonly rows: number }
  | {
      readonly task: 'synchronize'
      readonly folder: string
      readonly rows: number
      readonly url?: string | undefined
    }

const answer = z.object({ megabytes: z.number() })

export async function peakMemory(task: MemoryTask): Promise<number> {
  const child = fork(fileURLToPath(new URL('./peak-memory-child.ts', import.meta.url)), [
    JSON.stringify(task),
  ])
  return await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(answer.parse(message).megabytes))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The measured process ended with ${code}.`)))
  })
}
