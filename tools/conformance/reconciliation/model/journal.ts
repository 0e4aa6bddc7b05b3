/**
 * What each run of a scenario has changed, so that it can be taken back: what stood before it, and what stood after.
 *
 * @module
 */
import type { Step } from '../scenario.ts'
import {
  isLinks,
  type Link,
  type Replica,
  type Resource,
  type State,
  sameValue,
  type Value,
} from './state.ts'

interface Standing {
  readonly resources: ReadonlyMap<number, Resource>
  readonly replicas: ReadonlyMap<string, readonly Replica[]>
}

export interface Entry {
  /** Of the run, if one has. */
  readonly source: string | undefined
  readonly before: Standing
  readonly after: Standing
  /** Its moments are those behind the first and up to the last. */
  readonly began: number
  readonly ended: number
  /** Of a run that took another one back: keys of replicas that it has given their resource again, by source. */
  readonly returned: ReadonlyMap<string, ReadonlySet<string>>
}

/** Whether a step of this kind is counted, when a later one says which it takes back. */
export function isCounted(step: Step): boolean {
  return 'run' in step || 'sync' in step || 'user' in step || 'revert' in step
}

export function standingNow(state: State): Standing {
  const replicas = [...state.sources.values()].map(
    (source) => [source.name, structuredClone(source.replicas)] as const,
  )
  return { resources: structuredClone(state.resources), replicas: new Map(replicas) }
}

/** What a run has done to one resource that is there before and after it: its properties, and what they held. */
export function updatedIn({ before, after }: Entry, id: number): ReadonlyMap<string, Value> {
  const [one, other] = [before.resources.get(id), after.resources.get(id)]
  if (one === undefined || other === undefined) return new Map()
  return new Map(
    Object.entries(one.values).filter(
      ([name, value]) => !isLinks(value) && !sameValue(value, other.values[name]),
    ),
  )
}

/** Ids that are in the first and not in the second. */
export function lacking({ resources }: Standing, other: Standing): readonly number[] {
  return [...resources.keys()].filter((id) => !other.resources.has(id))
}

/** The history of the resource has something of the run. */
export function hasTouched(entry: Entry, id: number): boolean {
  return entry.before.resources.has(id) !== entry.after.resources.has(id) || updatedIn(entry, id).size > 0
}

export interface LinkChange {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly before: Link | undefined
  readonly after: Link | undefined
}

export function linksChangedIn({ before, after }: Entry): readonly LinkChange[] {
  const ids = new Set([...before.resources.keys(), ...after.resources.keys()])
  return [...ids].flatMap((id) => {
    const [one, other] = [before.resources.get(id), after.resources.get(id)]
    const names = Object.entries((one ?? other)?.values ?? {}).filter(([, value]) => isLinks(value))
    return names.flatMap(([name]) => {
      const [was, is] = [linksOf(one, name), linksOf(other, name)]
      const targets = new Set([...was, ...is].map(({ to }) => to))
      return [...targets].flatMap((to): readonly LinkChange[] => {
        const [first, last] = [was.find((link) => link.to === to), is.find((link) => link.to === to)]
        return sameLink(first, last) ? [] : [{ name, from: id, to, before: first, after: last }]
      })
    })
  })
}

export function linksOf(resource: Resource | undefined, name: string): readonly Link[] {
  const value = resource?.values[name]
  return isLinks(value) ? value : []
}

export function sameLink(one: Link | undefined, other: Link | undefined): boolean {
  return sameValue(one === undefined ? [] : [one], other === undefined ? [] : [other])
}
