/**
 * What is asked of the graph that resources, links and references are, and what it answers.
 *
 * @module
 */
import type { Values } from '../read/read-types.ts'

/** The most resources that an answer holds beside the one that was asked for: it is one document, in memory. */
export const mostReached = 10_000

/** So many links are answered for each resource that may be: the resources of a repository are no complete graph. */
export const linksForEach = 10

interface WalkQuery {
  /** No further than so many links away. */
  readonly depth?: number | undefined
  /** The property by whose value the resource is named; by its key, display value or id when absent. */
  readonly by?: string | undefined
  /** At most so many resources beside the one that was asked for; `mostReached` when absent. */
  readonly limit?: number | undefined
}

/** `out`: from the end `from` of a link to its end `to`, and from who has a reference to its target. */
export const graphDirections = ['out', 'in', 'both'] as const
export type GraphDirection = (typeof graphDirections)[number]

export interface NeighboursQuery extends WalkQuery {
  /** `both` when absent. */
  readonly direction?: GraphDirection | undefined
  /** Names of associations and references, these as `Person.manager` or `manager`; all when absent. */
  readonly along?: readonly string[] | undefined
}

export interface ImpactQuery extends WalkQuery {
  /** What the resource depends on, and not what depends on it. */
  readonly upstream?: boolean | undefined
  /** Only what is impacted by so many percent at least. */
  readonly minWeight?: number | undefined
}

export interface GraphResource {
  readonly resourceId: string
  readonly entityType: string
  /** Display value. */
  readonly display: string | null
  /** What sources call it. */
  readonly replicas: readonly { readonly source: string; readonly key: string }[]
  /** So many links away. */
  readonly depth: number
}

/** A link with all that assert it, or a reference. */
export interface GraphLink {
  readonly kind: 'association' | 'reference'
  /** Of the association; of a reference, `Person.manager`. */
  readonly name: string
  /** Resource id of the end `from`, or of who has the reference. */
  readonly from: string
  readonly to: string
  /** Of a link: by whom it is asserted, `null` being people, and with what. */
  readonly asserted: readonly { readonly source: string | null; readonly properties: Values }[]
}

interface Reached {
  /** Id of the resource that was asked for, which is the first. */
  readonly start: string
  /** There is more than is answered. */
  readonly more: boolean
  /** Ids of other resources that answer to the same words. */
  readonly alsoMatching: readonly string[]
}

/** In the order in which they are reached. */
export interface Neighbours extends Reached {
  readonly resources: readonly GraphResource[]
  readonly links: readonly GraphLink[]
}

export interface ImpactedResource extends GraphResource {
  /** By how many percent, along the way on which it is the most. */
  readonly weight: number
  /** The resource before it on that way; `null` of the first. */
  readonly through: string | null
}

export interface ImpactLink extends GraphLink {
  /** The end that is impacted when the other one fails. */
  readonly impacted: 'from' | 'to'
  /** In percent. */
  readonly weight: number
}

/** The greatest impact first. */
export interface ImpactGraph extends Reached {
  readonly resources: readonly ImpactedResource[]
  readonly links: readonly ImpactLink[]
}
