/**
 * Resources that turn out to be one: docs/editing.md, Merging.
 *
 * @module
 */
import { decided } from './claims.ts'
import { isEmpty, isLinks, type Link, propertiesOf, type Resource, type State, type Value } from './state.ts'

/** What the first lacks it takes from the others; what points to them, and the rows that stand for them, are the first's from now on. */
export function merge(state: State, kept: Resource, others: readonly Resource[]): void {
  const gone = new Set(others.map(({ id }) => id))
  for (const { id } of others) state.resources.delete(id)
  moveReplicas(state, kept, gone)
  for (const [name, { type }] of Object.entries(propertiesOf(state, kept.type))) {
    const all = [kept, ...others].map(({ values }) => values[name] ?? null)
    kept.values[name] = type === 'links' ? union(all) : (all.find((value) => !isEmpty(value)) ?? null)
  }
  for (const resource of state.resources.values()) pointTo(state, resource, kept, gone)
  for (const name of Object.keys(kept.values)) {
    if (!isLinks(kept.values[name])) kept.values[name] = decided(state, kept, name, {})
  }
}

function moveReplicas(state: State, kept: Resource, gone: ReadonlySet<number>): void {
  const replicas = [...state.sources.values()].flatMap((source) => source.replicas)
  for (const replica of replicas) {
    if (replica.resource === null) continue
    if (replica.resource === kept.id || gone.has(replica.resource)) replica.shadowed = undefined
    if (gone.has(replica.resource)) replica.resource = kept.id
  }
}

function pointTo(state: State, resource: Resource, kept: Resource, gone: ReadonlySet<number>): void {
  resource.updates = undefined
  for (const [name, { type }] of Object.entries(propertiesOf(state, resource.type))) {
    const value = resource.values[name] ?? null
    if (type === 'reference' && typeof value === 'number' && gone.has(value)) resource.values[name] = kept.id
    else if (isLinks(value)) {
      resource.values[name] = union([
        value.map((link) => (gone.has(link.to) ? { ...link, to: kept.id } : link)),
      ])
    }
  }
}

/** Of several links to one target the first counts. */
function union(sets: readonly Value[]): readonly Link[] {
  const links = sets.flatMap((set) => (isLinks(set) ? set : []))
  return links.filter(({ to }, n) => links.findIndex((link) => link.to === to) === n)
}
