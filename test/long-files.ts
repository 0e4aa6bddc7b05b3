/**
 * Test files that take longer than others, and which of them an everyday run takes.
 *
 * All of them would take a quarter of an hour. So an everyday run has as many as fit into its time, drawn by their names and the seed, and all
 * that are short; a thorough run, and whoever names a file, has all.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import process from 'node:process'

/** Seconds by path, of files that took five or more. Written by `tools/keep-durations.ts`. */
export const durations: Readonly<Record<string, number>> = JSON.parse(
  readFileSync(new URL('durations.json', import.meta.url), 'utf8'),
)

/** Seconds of all of them together in an everyday run, which has two workers. */
const everydaySeconds = 180

/** Those whose turn it is not. */
export function restingFiles(seed = process.env['SLUICE_SEED'] ?? '1'): readonly string[] {
  const drawn = (path: string) => createHash('sha256').update(`${seed} ${path}`).digest('hex')
  let seconds = 0
  return Object.entries(durations)
    .filter(([path]) => !path.endsWith('.operations.test.ts'))
    .toSorted(([one], [other]) => (drawn(one) < drawn(other) ? -1 : 1))
    .filter(([, takes]) => {
      if (seconds + takes > everydaySeconds) return true
      seconds += takes
      return false
    })
    .map(([path]) => path)
}
