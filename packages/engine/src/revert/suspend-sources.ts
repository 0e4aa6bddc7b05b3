/**
 * Keeps sources from bringing again what was taken back: they are not run until somebody lets them.
 *
 * @module
 */
import type { ComesAgain, RunBy } from '@sluice/model'
import { type Session, suspendSource } from '@sluice/repository'

/** What is to be told of each. */
export async function suspendSources(
  session: Session,
  again: readonly Pick<ComesAgain, 'source'>[],
  why: { readonly by: RunBy; readonly reason: string },
): Promise<readonly string[]> {
  const notes: string[] = []
  // One may bring some of it with its next run, and more with its next complete.
  for (const source of new Set(again.map((one) => one.source))) {
    await suspendSource(session, { source, ...why })
    notes.push(`Source ${source} is suspended: sluice source resume ${source} lets it run again.`)
  }
  return notes
}
