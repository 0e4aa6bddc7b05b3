/**
 * The graph around a resource, as a tree.
 *
 * @module
 */
import type {
  GraphDirection,
  GraphLink,
  ImpactedResource,
  ImpactGraph,
  ImpactLink,
  Neighbours,
} from '@sluice/project'
import { linkName, nameOf } from './graph-names.ts'
import { neighbourTree, type Tie } from './neighbour-tree.ts'
import type { Colors } from './outlet.ts'
import { formatNumberOf } from './quantities.ts'
import { type Branch, drawTree } from './tree-lines.ts'

/** Each resource once, at its least distance; where it is met again, it is marked. */
export function formatNeighbours(
  found: Neighbours,
  direction: GraphDirection,
  colors: Colors,
): readonly string[] {
  const { start, resources, links } = found
  const byId = new Map(resources.map((one) => [one.resourceId, one]))
  const branches = new Map(
    [...neighbourTree(found, direction)].map(([at, ties]) => [at, ties.map((tie) => branchOf(tie, at))]),
  )
  function branchOf({ other, links: tied, isNew }: Tie, at: string): Branch {
    const name = other === at ? 'itself' : nameOf(byId.get(other), colors)
    const label = `${colors.cyan(tied.map((link) => arrow(link, at)).join(', '))} ${name}`
    if (isNew) return { label, id: other }
    return { label: other === at ? label : `${label} ${colors.dim('(again)')}` }
  }
  const count = formatNumberOf(resources.length - 1, 'neighbour')
  const sum = `${count}, ${formatNumberOf(links.length, 'link')}.`
  return [nameOf(byId.get(start), colors), ...drawTree(start, branches), '', sum]
}

function arrow(link: GraphLink, at: string): string {
  return `${linkName(link)} ${link.from === at ? '→' : '←'}`
}

/** Each resource below the one through which its impact is the greatest. */
export function formatImpact(
  { start, resources, links }: ImpactGraph,
  upstream: boolean,
  colors: Colors,
): readonly string[] {
  const byId = new Map(resources.map((one) => [one.resourceId, one]))
  const strongest = strongestLinks(links, upstream)
  const found = new Map<string, Branch[]>(resources.map(({ resourceId }) => [resourceId, []]))
  for (const one of resources) {
    if (one.through === null) continue
    const link = strongest.get(`${one.through} ${one.resourceId}`)
    found.get(one.through)?.push({ label: describeImpact(one, link, colors), id: one.resourceId })
  }
  const count = formatNumberOf(resources.length - 1, 'resource')
  const sum = upstream ? `It depends on ${count}.` : `Impacted when it fails: ${count}.`
  return [nameOf(byId.get(start), colors), ...drawTree(start, found), '', sum]
}

function describeImpact(one: ImpactedResource, link: ImpactLink | undefined, colors: Colors): string {
  const by = link === undefined ? '' : `  ${colors.dim(`by ${linkName(link)} ${percent(link.weight)}`)}`
  return `${colors.yellow(percent(one.weight).padStart(4))} ${nameOf(one, colors)}${by}`
}

/** By the ids of both ends, in the direction of the walk. */
function strongestLinks(links: readonly ImpactLink[], upstream: boolean): ReadonlyMap<string, ImpactLink> {
  const strongest = new Map<string, ImpactLink>()
  for (const link of links) {
    const ends = (link.impacted === 'to') !== upstream ? [link.from, link.to] : [link.to, link.from]
    const key = ends.join(' ')
    if (link.weight > (strongest.get(key)?.weight ?? -1)) strongest.set(key, link)
  }
  return strongest
}

/** `33.33%`. */
export function percent(weight: number): string {
  return `${Number(weight.toFixed(2))}%`
}
