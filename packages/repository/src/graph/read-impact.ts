/**
 * Who is impacted when a resource fails, or by whose failure it is.
 *
 * @module
 */
import type { Database } from '../database/database.ts'
import { readModel } from '../read/read-model.ts'
import { describeResources } from './describe-resources.ts'
import { findStart } from './find-start.ts'
import {
  type ImpactedResource,
  type ImpactGraph,
  type ImpactLink,
  type ImpactQuery,
  linksForEach,
  mostReached,
} from './graph-types.ts'
import { greatestImpact } from './greatest-impact.ts'
import { impactSteps } from './impact-of-ways.ts'
import { readLinksAmong, type WalkedLink } from './read-links-among.ts'
import { otherEnd } from './step.ts'
import { walk } from './walk.ts'
import { waysOf } from './ways.ts'

/** `undefined`: there is no such resource. */
export async function readImpact(
  database: Database,
  entityType: string,
  key: string,
  {
    depth = Number.POSITIVE_INFINITY,
    upstream = false,
    minWeight = 0,
    by,
    limit = mostReached,
  }: ImpactQuery = {},
): Promise<ImpactGraph | undefined> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const start = await findStart(session, model, { entityType, key, by })
    if (start === undefined) return undefined
    const steps = impactSteps(waysOf(model), { upstream, minWeight })
    const most = Math.min(limit, mostReached)
    const walked = await walk({ session, model, steps, depth, limit: most, minWeight }, start)
    const among = await readLinksAmong({ session, model, steps, most: (most + 1) * linksForEach }, walked)
    const found = greatestImpact(start.resourceId, among.links.map(inDirectionOfWalk))
    const shown = [...walked.reached.values()].flatMap((one) => {
      const impact = found.get(one.resourceId)
      return impact === undefined ? [] : [{ ...one, ...impact }]
    })
    const impactOf = new Map(shown.map((one) => [one.resourceId, one]))
    const described = await describeResources(session, model, shown)
    return {
      start: start.resourceId,
      resources: described
        .flatMap((resource): ImpactedResource[] => {
          const impact = impactOf.get(resource.resourceId)
          return impact === undefined ? [] : [{ ...resource, weight: impact.weight, through: impact.through }]
        })
        .sort((a, b) => b.weight - a.weight || a.depth - b.depth),
      links: among.links
        .filter(({ from, to }) => impactOf.has(from) && impactOf.has(to))
        .map((link) => linkOf(link, upstream)),
      more: walked.more || among.more,
      alsoMatching: start.alsoMatching,
    }
  })
}

function inDirectionOfWalk({ at, weight, ...ends }: WalkedLink) {
  return { from: ends[at], to: ends[otherEnd[at]], weight }
}

function linkOf({ at, weight, kind, name, from, to, asserted }: WalkedLink, upstream: boolean): ImpactLink {
  return { kind, name, from, to, asserted, impacted: upstream ? at : otherEnd[at], weight }
}
