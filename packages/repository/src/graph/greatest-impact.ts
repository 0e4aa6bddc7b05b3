/**
 * How much one resource that fails impacts others: along a way weights are multiplied, and of all ways the one with the most counts.
 *
 * @module
 */
import { grouped } from './grouped.ts'

/** What goes along it, from one resource to another; `weight` in percent, 100 at most. */
export interface Impacting {
  readonly from: string
  readonly to: string
  readonly weight: number
}

export interface Impacted {
  readonly weight: number
  /** The resource before it on its way; `null` of the first. */
  readonly through: string | null
  /** Links on its way. */
  readonly depth: number
}

/**
 * Of ways with the same weight the shortest counts, and of these the one that is found first. A circle ends, since nothing has more after it
 * than before.
 */
export function greatestImpact(start: string, links: readonly Impacting[]): ReadonlyMap<string, Impacted> {
  const from = grouped(links, (link) => link.from)
  const found = new Map<string, Impacted>([[start, { weight: 100, through: null, depth: 0 }]])
  for (let frontier = [start]; frontier.length > 0; ) {
    const improved = new Set<string>()
    for (const resource of frontier) {
      const before = found.get(resource)
      if (before === undefined) continue
      for (const { to, weight } of from.get(resource) ?? []) {
        const product = product6(before.weight, weight)
        if (product <= (found.get(to)?.weight ?? 0)) continue
        found.set(to, { weight: product, through: resource, depth: before.depth + 1 })
        improved.add(to)
      }
    }
    frontier = [...improved]
  }
  return found
}

/** As the database has it: to six places. */
function product6(a: number, b: number): number {
  return Number(((a * b) / 100).toFixed(6))
}
