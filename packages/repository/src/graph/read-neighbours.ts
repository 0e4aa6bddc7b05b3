/**
 * What a resource is linked to, and what that is linked to in its turn.
 *
 * @module
 */
import type { Database } from '../database/database.ts'
import { readModel } from '../read/read-model.ts'
import { describeResources } from './describe-resources.ts'
import { findStart } from './find-start.ts'
import {
  type GraphDirection,
  type GraphLink,
  linksForEach,
  mostReached,
  type Neighbours,
  type NeighboursQuery,
} from './graph-types.ts'
import { readLinksAmong, type WalkedLink } from './read-links-among.ts'
import { type Step, stepOf } from './step.ts'
import { walk } from './walk.ts'
import { type End, type Way, waysNamed, waysOf } from './ways.ts'

/** `undefined`: there is no such resource. */
export async function readNeighbours(
  database: Database,
  entityType: string,
  key: string,
  { depth = 1, direction = 'both', along, by, limit = mostReached }: NeighboursQuery = {},
): Promise<Neighbours | undefined> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const start = await findStart(session, model, { entityType, key, by })
    const ways = waysOf(model)
    const steps = stepsOf(along === undefined ? ways : waysNamed(ways, along), direction)
    if (start === undefined) return undefined
    const most = Math.min(limit, mostReached)
    const walked = await walk({ session, model, steps, depth, limit: most, minWeight: 0 }, start)
    const among = await readLinksAmong({ session, model, steps, most: (most + 1) * linksForEach }, walked)
    const linked = new Set(among.links.flatMap(({ from, to }) => [from, to]))
    const shown = [...walked.reached.values()].filter(
      // A link that came between the statements is no reason for a resource without any.
      ({ resourceId }) => resourceId === start.resourceId || linked.has(resourceId),
    )
    return {
      start: start.resourceId,
      resources: await describeResources(session, model, shown),
      links: eachOnce(among.links),
      more: walked.more || among.more,
      alsoMatching: start.alsoMatching,
    }
  })
}

function stepsOf(ways: readonly Way[], direction: GraphDirection): readonly Step[] {
  const ends: readonly End[] = direction === 'both' ? ['from', 'to'] : direction === 'out' ? ['from'] : ['to']
  return ways.flatMap((way) => ends.map((at) => stepOf(way, at)))
}

/** A walk in both directions comes to most links twice, from either end. */
function eachOnce(links: readonly WalkedLink[]): readonly GraphLink[] {
  const found = new Map(
    links.map(({ at, weight, ...link }) => [`${link.name} ${link.from} ${link.to}`, link]),
  )
  return [...found.values()]
}
