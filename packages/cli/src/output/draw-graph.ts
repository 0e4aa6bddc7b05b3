/**
 * The graph around a resource, as a picture.
 *
 * @module
 */
import type { Drawing, DrawnNode } from '@sluice/drawing'
import type { GraphResource, ImpactGraph, Neighbours } from '@sluice/project'
import { linkName, namesOf } from './graph-names.ts'
import { percent } from './graph-tree.ts'

export function drawNeighbours({ start, resources, links }: Neighbours): Drawing {
  return {
    ...frameOf(start, resources),
    nodes: resources.map((one) => nodeOf(one, start, [])),
    edges: links.map((link) => ({
      from: link.from,
      to: link.to,
      lines: [linkName(link)],
      dashed: link.kind === 'reference',
    })),
  }
}

/** Arrows go from who impacts to who is impacted, whichever way the links point. */
export function drawImpact({ start, resources, links }: ImpactGraph): Drawing {
  return {
    ...frameOf(start, resources),
    nodes: resources.map((one) => nodeOf(one, start, one.through === null ? [] : [percent(one.weight)])),
    edges: links.map((link) => {
      const [from, to] = link.impacted === 'to' ? [link.from, link.to] : [link.to, link.from]
      return {
        from,
        to,
        lines: [`${linkName(link)} ${percent(link.weight)}`],
        dashed: link.kind === 'reference',
      }
    }),
  }
}

function frameOf(start: string, resources: readonly GraphResource[]) {
  const first = resources.find(({ resourceId }) => resourceId === start)
  const name = first === undefined ? '' : namesOf(first).name
  return { title: `${first?.entityType ?? ''} ${name}`, direction: 'right' as const, clusters: [] }
}

function nodeOf(resource: GraphResource, start: string, more: readonly string[]): DrawnNode {
  const { resourceId, entityType } = resource
  const { name, keys } = namesOf(resource)
  const about = keys === '' ? `${entityType} #${resourceId}` : `${entityType} ${keys} #${resourceId}`
  return {
    id: resourceId,
    lines: [...(name === '' ? [] : [name]), about, ...more],
    look: { shape: 'round', tone: resourceId === start ? 'strong' : 'source' },
  }
}
