/**
 * Who has a lock, for whoever only looks: nothing is taken, and nobody is waited for.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { lockFiles } from './lock-file.ts'
import { type LockHolder, livenessOf } from './lock-holder.ts'

/** `undefined`: nobody, or one that is gone. One that cannot be looked at from here counts. */
export function findHolder(folder: string, name: string): LockHolder | undefined {
  if (!existsSync(folder)) return undefined
  const holders = lockFiles(folder, name).flatMap(({ holder }) => (holder === undefined ? [] : [holder]))
  return holders.find((holder) => livenessOf(holder) !== 'is gone')
}
