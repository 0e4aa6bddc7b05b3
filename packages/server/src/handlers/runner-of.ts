/**
 * Who wants a source to be run, as its owner is compared with.
 *
 * @module
 */
import type { Runner } from '@sluice/inbox'
import type { Caller } from '../access/caller.ts'

/** Whoever may decide about held runs may start one. */
export function runnerOf({ name, permissions }: Caller): Runner {
  return { name, administrator: permissions.includes('decide') }
}
