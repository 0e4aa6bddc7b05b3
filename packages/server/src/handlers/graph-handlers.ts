/**
 * The graph that resources, links and references are.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function graphHandlers({ repository }: ServerContext) {
  return {
    neighbours: handler(routes.neighbours, async ({ params: { entityType, key }, query }) => {
      const { along, ...rest } = query
      const names = along?.split(',').map((name) => name.trim())
      const found = await repository.neighbours(entityType, key, { ...rest, along: names })
      if (found === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return found
    }),

    linkedCounts: handler(routes.linkedCounts, async ({ params: { entityType, key } }) => {
      const counts = await repository.linkedCounts(entityType, key)
      if (counts === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return { counts }
    }),

    linked: handler(routes.linked, async ({ params: { entityType, key, name }, query }) => {
      const found = await repository.linked(entityType, key, { ...query, name })
      if (found === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return found
    }),

    impact: handler(routes.impact, async ({ params: { entityType, key }, query }) => {
      const found = await repository.impact(entityType, key, query)
      if (found === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return found
    }),
  }
}
