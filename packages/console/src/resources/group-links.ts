/**
 * What a resource is linked to, by association and reference, each in its direction.
 *
 * @module
 */
import type { Reply } from '../api/ask.ts'
import type { ReadersLabels } from '../model/labels.ts'

export type Neighbours = Reply<'GET /resources/:entityType/:key/neighbours'>
type Neighbour = Neighbours['resources'][number]
type NeighbourLink = Neighbours['links'][number]

export interface Linked {
  readonly resource: Neighbour
  readonly link: NeighbourLink
}

export interface LinkGroup {
  readonly kind: NeighbourLink['kind']
  /** Of the association; of a reference, such as `Person.manager`. */
  readonly name: string
  /** The end at which the resource itself stands. */
  readonly end: 'from' | 'to'
  readonly linked: readonly Linked[]
}

/** Associations first, then references; a link of a resource with itself stands at both ends. */
export function groupLinks({ start, resources, links }: Neighbours): readonly LinkGroup[] {
  const known = new Map(resources.map((resource) => [resource.resourceId, resource]))
  const groups = new Map<string, LinkGroup & { readonly linked: Linked[] }>()
  for (const link of links)
    for (const end of ['from', 'to'] as const) {
      const resource = known.get(link[end === 'from' ? 'to' : 'from'])
      if (link[end] !== start || resource === undefined) continue
      const key = `${link.kind} ${link.name} ${end}`
      const group = groups.get(key) ?? { kind: link.kind, name: link.name, end, linked: [] }
      group.linked.push({ resource, link })
      groups.set(key, group)
    }
  return [...groups.values()].toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)))
}

/** By what the others are to the resource; a reference with the type that has it, where the others do. */
export function groupLabel({ kind, name, end }: LinkGroup, labels: ReadersLabels): string {
  if (kind === 'association') return labels.end(name, end === 'from' ? 'to' : 'from')
  const [type = '', property = ''] = name.split('.')
  return `${labels.type(type)}.${labels.property(type, property)}`
}

function orderOf({ kind, name, end }: LinkGroup): string {
  return `${kind} ${name} ${end}`
}

/** What people have made, they may remove: what a source asserts goes there. */
export function isRemovable({ kind, asserted }: Pick<NeighbourLink, 'kind' | 'asserted'>): boolean {
  return kind === 'association' && asserted.some(({ source }) => source === null)
}
