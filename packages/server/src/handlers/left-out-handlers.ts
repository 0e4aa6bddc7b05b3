/**
 * What is not in the repository as sources assert it, of those that the caller reaches.
 *
 * @module
 */
import type { LeftOutQuery } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type Caller, reaches } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'

export function leftOutHandlers(context: ServerContext) {
  const { repository } = context
  return {
    orphans: handler(routes.orphans, async ({ query, caller }) =>
      repository.orphans(reached(context, caller, query)),
    ),
    rejections: handler(routes.rejections, async ({ query, caller }) =>
      repository.rejections(reached(context, caller, query)),
    ),
    rejectionReasons: handler(routes.rejectionReasons, async ({ query, caller }) =>
      repository.rejectionReasons(reached(context, caller, query)),
    ),
  }
}

interface Asked {
  readonly source?: string | readonly string[] | undefined
  readonly limit?: number | undefined
}

function reached({ configuration }: ServerContext, caller: Caller, { source, limit }: Asked): LeftOutQuery {
  const known = [...configuration.sources.keys()].filter((name) => reaches(caller, name))
  const named = source === undefined ? undefined : [source].flat()
  const unknown = named?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw noSuchSource(unknown)
  // Whoever reaches all sees those that are gone from the files, too.
  return { sources: named ?? (caller.role === 'agent' ? known : undefined), limit }
}
