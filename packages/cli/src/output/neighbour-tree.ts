/**
 * Where each neighbour stands in a tree: below the first that leads to it. The links between two resources stand together, once.
 *
 * @module
 */
import type { GraphDirection, GraphLink, Neighbours } from '@sluice/project'

/** What ties a resource to another one. */
export interface Tie {
  readonly other: string
  readonly links: readonly GraphLink[]
  /** The other one has its place here; else it has one elsewhere. */
  readonly isNew: boolean
}

/** By the id of each resource, in the order in which they are reached. */
export function neighbourTree(
  { start, resources, links }: Neighbours,
  direction: GraphDirection,
): ReadonlyMap<string, readonly Tie[]> {
  const depths = new Map(resources.map(({ resourceId, depth }) => [resourceId, depth]))
  const pairs = pairsOf(links)
  const placed = new Set([start])
  const written = new Set<Pair>()
  const tiesOf = (id: string): readonly Tie[] => {
    const ties: Tie[] = []
    for (const pair of pairs.get(id) ?? []) {
      const other = pair.ends[0] === id ? pair.ends[1] : pair.ends[0]
      const isNew = !placed.has(other) && leads(pair, id, direction) && isNext(depths, id, other)
      // What has no place yet comes to one by another link, and says there that it has this one.
      if (written.has(pair) || !(isNew || placed.has(other))) continue
      written.add(pair)
      placed.add(other)
      ties.push({ other, links: pair.links, isNew })
    }
    return ties
  }
  return new Map(resources.map(({ resourceId }) => [resourceId, tiesOf(resourceId)]))
}

function isNext(depths: ReadonlyMap<string, number>, id: string, other: string): boolean {
  return depths.get(other) === (depths.get(id) ?? 0) + 1
}

/** All links between two resources. */
interface Pair {
  readonly ends: readonly [string, string]
  readonly links: readonly GraphLink[]
}

/** By the id of either end. */
function pairsOf(links: readonly GraphLink[]): ReadonlyMap<string, readonly Pair[]> {
  const pairs = new Map<string, { readonly ends: readonly [string, string]; readonly links: GraphLink[] }>()
  const byEnd = new Map<string, Pair[]>()
  for (const link of links) {
    const key = [link.from, link.to].sort().join(' ')
    const known = pairs.get(key)
    if (known !== undefined) known.links.push(link)
    else {
      const pair = { ends: [link.from, link.to] as const, links: [link] }
      pairs.set(key, pair)
      for (const end of new Set(pair.ends)) {
        const those = byEnd.get(end)
        if (those === undefined) byEnd.set(end, [pair])
        else those.push(pair)
      }
    }
  }
  return byEnd
}

function leads({ links }: Pair, id: string, direction: GraphDirection): boolean {
  return direction === 'both' || links.some(({ from, to }) => (direction === 'out' ? from : to) === id)
}
