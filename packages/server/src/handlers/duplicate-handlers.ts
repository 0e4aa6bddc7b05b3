/**
 * Resources that may be one, and those that are not.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function duplicateHandlers({ synchronizer, repository }: ServerContext) {
  return {
    duplicates: handler(routes.duplicates, async ({ params: { type }, query: { by, ...page } }) => {
      const properties = by?.split(',').map((name) => name.trim())
      return each(await synchronizer.duplicates(type, { by: properties, ...page }, repository.database))
    }),

    sayDistinct: handler(routes.sayDistinct, async ({ body, caller, log }) => {
      const count = await synchronizer.sayDistinct(body, caller.by)
      log.info({ by: caller.name, type: body.type, pairs: count }, 'resources marked as distinct')
      return { pairs: count }
    }),

    takeBackDistinct: handler(routes.takeBackDistinct, async ({ body, caller, log }) => {
      const count = await synchronizer.takeBackDistinct(body)
      log.info({ by: caller.name, type: body.type, pairs: count }, 'resources no longer marked as distinct')
      return { pairs: count }
    }),
  }
}

async function* each<T>(records: readonly T[]): AsyncGenerator<T> {
  yield* records
}
