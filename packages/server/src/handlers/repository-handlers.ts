/**
 * What the repository shows of itself.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { parseCondition, parseSort } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function repositoryHandlers({ repository, synchronizer }: ServerContext) {
  return {
    model: handler(routes.model, async () => {
      const { entityTypes, associations, sources } = await repository.model()
      return {
        format: 1 as const,
        entityTypes: [...entityTypes.values()],
        associations: [...associations.values()],
        sources: [...sources.values()],
      }
    }),

    resources: handler(routes.resources, async ({ params, query }) => {
      const { where, columns, limit, after, sort, cursor, subtypes } = query
      return repository.resources(params.entityType, {
        where: conditions(where),
        columns: columns?.split(',').map((name) => name.trim()),
        limit,
        after,
        sort: sort === undefined ? undefined : parseSort(sort),
        cursor,
        includeSubtypes: subtypes !== 'false',
      })
    }),

    resource: handler(routes.resource, async ({ params: { entityType, key } }) => {
      const found = await repository.resource(entityType, key)
      if (found === undefined) throw new NothingThereError(`${entityType} with the id ${key}`)
      return found
    }),

    explain: handler(routes.explain, async ({ params }) => {
      const { entityType, key } = params
      const explanation = await repository.explain(entityType, key)
      if (explanation === undefined) throw new NothingThereError(`${entityType} known as ${key}`)
      return await synchronizer.roots.explain(explanation)
    }),

    links: handler(routes.links, async ({ params, query }) =>
      repository.links(params.association, {
        where: conditions(query.where),
        limit: query.limit,
        cursor: query.cursor,
      }),
    ),
  }
}

function conditions(where: string | readonly string[] | undefined) {
  return where === undefined ? undefined : [where].flat().map(parseCondition)
}
