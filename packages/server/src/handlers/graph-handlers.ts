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

    impact: handler(routes.impact, async ({ params: { entityType, key }, query }) => {
      const found = await repository.impact(entityType, key, query)
      if (found === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return found
    }),
  }
}
