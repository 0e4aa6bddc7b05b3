/**
 * What the repository shows of itself.
 *
 * @module
 */
import { narrowLabels } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type AnyOf, type Condition, parseCondition, parseSort } from '@sluice/repository'
import { z } from 'zod'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError, RequestRefusedError } from '../server-errors.ts'
import { handler } from './handler.ts'
import { wantedLanguages } from './wanted-languages.ts'

/** Of a trend, when nobody says how many. */
const shownDays = 90

export function repositoryHandlers({ repository, synchronizer }: ServerContext) {
  return {
    model: handler(routes.model, async (incoming) => {
      const wanted = wantedLanguages(incoming)
      const whole = await repository.model()
      const model = wanted === undefined ? whole : narrowLabels(whole, wanted)
      const { language, entityTypes, associations, sources } = model
      return {
        format: 1 as const,
        ...(language === undefined ? {} : { language }),
        entityTypes: [...entityTypes.values()],
        associations: [...associations.values()],
        sources: [...sources.values()],
      }
    }),

    resources: handler(routes.resources, async ({ params, query }) => {
      const { columns, limit, after, sort, cursor, subtypes } = query
      return repository.resources(params.entityType, {
        where: conditions(query),
        columns: columns?.split(',').map((name) => name.trim()),
        limit,
        after,
        sort: sort === undefined ? undefined : parseSort(sort),
        cursor,
        includeSubtypes: subtypes !== 'false',
      })
    }),

    types: handler(routes.types, async () => ({ types: await repository.types() })),

    quality: handler(routes.quality, ({ params }) => repository.quality(params.entityType)),

    qualityHistory: handler(routes.qualityHistory, async ({ params, query: { days = shownDays } }) => ({
      days: [...(await repository.qualityHistory(params.entityType, days))],
    })),

    flapping: handler(routes.flapping, async ({ params, query }) => ({
      resources: (await repository.flapping(params.entityType, query)).map((one) => ({
        ...one,
        written: [...one.written],
      })),
    })),

    count: handler(routes.count, async ({ params, query }) => ({
      count: await repository.count(params.entityType, {
        where: conditions(query),
        includeSubtypes: query.subtypes !== 'false',
      }),
    })),

    resource: handler(routes.resource, async ({ params: { entityType, key } }) => {
      const found = await repository.resource(entityType, key)
      if (found === undefined) throw new NothingThereError(`${entityType} with the id ${key}`)
      return found
    }),

    content: handler(routes.content, async ({ params: { entityType, key, property } }) => {
      const found = await repository.content({ entityType, resourceId: key, property })
      if (found === undefined) throw new NothingThereError(`${property} of ${entityType} with the id ${key}`)
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
        where: conditions(query),
        limit: query.limit,
        cursor: query.cursor,
      }),
    ),
  }
}

interface Conditions {
  readonly where?: string | readonly string[] | undefined
  readonly anyOf?: string | readonly string[] | undefined
}

function conditions({ where, anyOf }: Conditions): readonly (Condition | AnyOf)[] {
  const alternatives = anyOf === undefined ? [] : [anyOf].flat().map(alternativesIn)
  return [...(where === undefined ? [] : [where].flat().map(parseCondition)), ...alternatives]
}

const alternativesSchema = z.array(z.string()).min(1)

function alternativesIn(text: string): AnyOf {
  return { anyOf: listIn(text).map(parseCondition) }
}

function listIn(text: string): readonly string[] {
  try {
    return alternativesSchema.parse(JSON.parse(text))
  } catch {
    throw new RequestRefusedError('anyOf has to be a JSON array of conditions')
  }
}
