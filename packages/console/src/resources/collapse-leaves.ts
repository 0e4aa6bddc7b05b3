/**
 * Of many resources that hang on one by the same link only some are drawn; one node stands for the others.
 *
 * @module
 */
import type { Neighbours } from './use-neighbours.ts'

type Drawn = Pick<Neighbours, 'resources' | 'links' | 'start'>

/** So many on a resource, that are not drawn one by one. */
interface Bundle {
  readonly id: string
  /** Id of the resource on which they hang, the name of the link, and the end at which it stands. */
  readonly on: string
  readonly name: string
  readonly end: 'from' | 'to'
  readonly count: number
}

export interface Collapsed extends Drawn {
  readonly bundles: readonly Bundle[]
}

/** `most`: so many leaves of a kind are drawn one by one; one more than that costs no less room than the node for the others. */
export function collapseLeaves({ start, resources, links }: Drawn, most: number): Collapsed {
  const degree = new Map<string, number>()
  for (const { from, to } of links) for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1)
  const groups = new Map<string, { bundle: Omit<Bundle, 'count'>; leaves: string[] }>()
  for (const { name, from, to } of links) {
    const leaf = [from, to].find((id) => degree.get(id) === 1 && id !== start)
    if (leaf === undefined) continue
    const on = leaf === from ? to : from
    const end = on === from ? ('from' as const) : ('to' as const)
    const id = `${on} ${name} ${end}`
    const group = groups.get(id) ?? { bundle: { id, on, name, end }, leaves: [] }
    group.leaves.push(leaf)
    groups.set(id, group)
  }
  const large = [...groups.values()].filter(({ leaves }) => leaves.length > most + 1)
  const hidden = new Set(large.flatMap(({ leaves }) => leaves.slice(most)))
  return {
    start,
    resources: resources.filter(({ resourceId }) => !hidden.has(resourceId)),
    links: links.filter(({ from, to }) => !hidden.has(from) && !hidden.has(to)),
    bundles: large.map(({ bundle, leaves }) => ({ ...bundle, count: leaves.length - most })),
  }
}
