/**
 * The parts of a forest whose changes are followed, and whether what is remembered of them is good for that.
 *
 * @module
 */
import { contextId, memoryOf, type Remembered } from './cookie.ts'
import type { Domain } from './domain.ts'
import type { WantedTable } from './tables.ts'

/** A naming context that tables lie in. */
export interface FollowedContext {
  readonly domain: Domain
  readonly context: string
  readonly id: string
}

/** The tables whose changes the server tells, those that are compared, and the naming contexts of the former. */
export interface Followed {
  readonly followed: readonly WantedTable[]
  readonly compared: readonly WantedTable[]
  readonly contexts: readonly FollowedContext[]
}

export async function followedContexts(tables: readonly WantedTable[]): Promise<readonly FollowedContext[]> {
  const found = new Map<string, FollowedContext>()
  for (const { places } of tables) {
    for (const { domain, context } of places) {
      const id = await contextId(domain, context)
      if (!found.has(id)) found.set(id, { domain, context, id })
    }
  }
  return [...found.values()]
}

/** Why changes cannot be told since then: a sentence; `undefined`: they can. */
export async function whyNotSince(
  { at, cookies }: Remembered,
  contexts: readonly FollowedContext[],
): Promise<string | undefined> {
  for (const { id, context, domain } of contexts) {
    if (!cookies.has(id)) return `There is no cookie of ${context}, so everything was read.`
    if (Date.now() - at.getTime() > (await memoryOf(domain)))
      return `The last export is too old: ${domain.connection.place} may have forgotten what was deleted since, so everything was read.`
  }
  return undefined
}
