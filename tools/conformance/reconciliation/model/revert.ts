/**
 * Takes a run back: docs/undo.md.
 *
 * @module
 */
import type { RevertStep } from '../scenario.ts'
import {
  type Entry,
  hasTouched,
  type LinkChange,
  lacking,
  linksChangedIn,
  linksOf,
  sameLink,
  updatedIn,
} from './journal.ts'
import type { Refusal } from './people.ts'
import {
  isLinks,
  propertiesOf,
  type Replica,
  type Resource,
  type Source,
  type State,
  sameValue,
  sourceOf,
} from './state.ts'

/** What came since refuses all of it, unless it is left as it is. */
export function revert(state: State, { step, skipConflicts }: RevertStep): Refusal | undefined {
  const entry = state.journal[step - 1]
  if (entry === undefined) throw new Error(`Step ${step} has made no run.`)
  const undoing = new Undoing(state, entry, state.journal.slice(step))
  if (undoing.conflicts > 0 && skipConflicts !== true) return { code: 'conflicts', message: '' }
  undoing.carryOut()
  return undefined
}

class Undoing {
  readonly #state: State
  readonly #entry: Entry
  readonly #later: readonly Entry[]
  /** What is taken back still: resources that the run made, deleted, changed; and links. */
  readonly #made: Set<number>
  readonly #deleted: Set<number>
  readonly #changed: Set<number>
  #links: readonly LinkChange[]
  /** `17 name`: values that stay as they are. */
  readonly #left = new Set<string>()
  conflicts = 0

  constructor(state: State, entry: Entry, later: readonly (Entry | undefined)[]) {
    const { before, after } = entry
    this.#state = state
    this.#entry = entry
    this.#later = later.filter((one) => one !== undefined)
    this.#made = new Set(lacking(after, before))
    this.#deleted = new Set(lacking(before, after))
    this.#changed = new Set([...before.resources.keys()].filter((id) => updatedIn(entry, id).size > 0))
    this.#links = linksChangedIn(entry)
    this.#findChangedSince()
    let found: number
    do {
      found = this.conflicts
      this.#findDangling()
    } while (this.conflicts > found)
  }

  #resource(id: number): Resource | undefined {
    return this.#state.resources.get(id)
  }

  #leaveResource(id: number): void {
    this.conflicts++
    for (const all of [this.#made, this.#deleted, this.#changed]) all.delete(id)
  }

  #leaveValue(id: number, name: string): void {
    const about = `${id} ${name}`
    if (this.#left.has(about)) return
    this.#left.add(about)
    this.conflicts++
  }

  #leaveLink(link: LinkChange): void {
    this.conflicts++
    this.#links = this.#links.filter((one) => one !== link)
  }

  /** What the run changed of a resource, and what it was. */
  #formerValues(id: number) {
    return [...updatedIn(this.#entry, id)].filter(([name]) => !this.#left.has(`${id} ${name}`))
  }

  #findChangedSince(): void {
    for (const id of [...this.#changed]) this.#findChangedValues(id)
    for (const id of [...this.#made]) if (this.#isWritten(id) || this.#isFound(id)) this.#leaveResource(id)
    for (const id of [...this.#deleted]) if (this.#isBroughtAgain(id)) this.#leaveResource(id)
    for (const link of this.#links) if (this.#isLinkChanged(link)) this.#leaveLink(link)
  }

  #findChangedValues(id: number): void {
    const now = this.#resource(id)
    if (now === undefined) {
      this.#leaveResource(id)
      return
    }
    for (const [name, before] of updatedIn(this.#entry, id)) {
      const since = this.#later.some((entry) => updatedIn(entry, id).has(name))
      const asLeft = sameValue(now.values[name], this.#entry.after.resources.get(id)?.values[name])
      if (!sameValue(now.values[name], before) && (since || !asLeft)) this.#leaveValue(id, name)
    }
  }

  /** By another run, or by somebody else. */
  #isWritten(id: number): boolean {
    const now = this.#resource(id)
    if (now === undefined) return false
    const after = this.#entry.after.resources.get(id)
    const differs = Object.entries(now.values).some(
      ([name, value]) => !isLinks(value) && !sameValue(value, after?.values[name]),
    )
    return differs || this.#later.some((entry) => hasTouched(entry, id))
  }

  #isFound(id: number): boolean {
    if (this.#resource(id) === undefined) return false
    return replicasOf(this.#state).some(
      ({ resource, attached }) => resource === id && attached > this.#entry.ended,
    )
  }

  /** Its row stands for another one by now, which the run has not made. */
  #isBroughtAgain(id: number): boolean {
    const made = new Set(lacking(this.#entry.after, this.#entry.before))
    return [...this.#entry.before.replicas].some(([name, replicas]) =>
      replicas
        .filter(({ resource, key }) => resource === id && this.#hasGone(name, key, id))
        .some(({ key }) => {
          const other = this.#replica(name, key)?.resource ?? null
          return other !== null && other !== id && !made.has(other)
        }),
    )
  }

  /** The run took the replica from its resource. */
  #hasGone(source: string, key: string, id: number): boolean {
    const after = this.#entry.after.replicas.get(source)?.find((one) => one.key === key)
    return after?.resource !== id
  }

  #replica(source: string, key: string): Replica | undefined {
    return this.#state.sources.get(source)?.replicas.find((one) => one.key === key)
  }

  #isLinkChanged({ name, from, to, before, after }: LinkChange): boolean {
    const now = linksOf(this.#resource(from), name).find((link) => link.to === to)
    if (sameLink(now, before)) return false
    const since = this.#later.some((entry) =>
      linksChangedIn(entry).some((one) => one.name === name && one.from === from && one.to === to),
    )
    return since || !sameLink(now, after)
  }

  #willBeThere(id: number): boolean {
    return (this.#state.resources.has(id) && !this.#made.has(id)) || this.#deleted.has(id)
  }

  #findDangling(): void {
    for (const id of [...this.#changed]) this.#findLostValues(id)
    for (const id of [...this.#deleted]) this.#findLostTargets(id)
    for (const id of [...this.#made]) if (this.#isInUse(id)) this.#leaveResource(id)
    for (const link of this.#links) {
      const isBack = link.before !== undefined && !this.#isThere(link)
      if (isBack && !(this.#willBeThere(link.from) && this.#willBeThere(link.to))) this.#leaveLink(link)
    }
  }

  /** References that cannot come back, because their target does not. */
  #findLostValues(id: number): void {
    for (const [name, before] of this.#formerValues(id)) {
      if (typeof before !== 'number' || !this.#isReference(id, name)) continue
      if (!sameValue(this.#resource(id)?.values[name], before) && !this.#willBeThere(before))
        this.#leaveValue(id, name)
    }
  }

  #isReference(id: number, name: string): boolean {
    const type = (this.#resource(id) ?? this.#entry.before.resources.get(id))?.type ?? ''
    return propertiesOf(this.#state, type)[name]?.type === 'reference'
  }

  #findLostTargets(id: number): void {
    const former = this.#entry.before.resources.get(id)
    if (former === undefined || this.#state.resources.has(id)) return
    for (const [name, { type, required }] of Object.entries(propertiesOf(this.#state, former.type))) {
      const target = former.values[name]
      if (type !== 'reference' || typeof target !== 'number' || this.#willBeThere(target)) continue
      if (required === true) {
        this.#leaveResource(id)
        return
      }
      this.#leaveValue(id, name)
    }
  }

  #isThere({ name, from, to }: LinkChange): boolean {
    return linksOf(this.#resource(from), name).some((link) => link.to === to)
  }

  /** By something that is not taken back itself. */
  #isInUse(id: number): boolean {
    if (this.#resource(id) === undefined) return false
    return [...this.#state.resources.values()].some((other) =>
      Object.entries(other.values).some(([name, value]) => {
        if (isLinks(value)) {
          const ends = value.filter(({ to }) => other.id === id || to === id)
          return ends.some(({ to }) => !this.#isLinkMade(other.id, name, to))
        }
        if (value !== id || !this.#isReference(other.id, name) || this.#made.has(other.id)) return false
        const former = this.#formerValues(other.id).find(([of]) => of === name)
        const letsGo = this.#changed.has(other.id) && former !== undefined && former[1] !== id
        return !letsGo
      }),
    )
  }

  #isLinkMade(from: number, name: string, to: number): boolean {
    return this.#links.some(
      (one) => one.from === from && one.name === name && one.to === to && one.before === undefined,
    )
  }

  carryOut(): void {
    const state = this.#state
    const stood = new Set(state.resources.keys())
    const gone = new Set([...this.#made].filter((id) => stood.has(id)))
    const written = new Set<number>()
    for (const id of this.#changed) if (this.#restoreValues(id)) written.add(id)
    for (const id of gone) state.resources.delete(id)
    for (const id of this.#deleted) if (!stood.has(id)) this.#restoreResource(id)
    for (const link of this.#links) this.#restoreLink(link)
    for (const source of state.sources.values()) this.#moveReplicas(source, { stood, gone, written })
    for (const source of state.sources.values()) this.#moveRights(source)
    for (const replica of replicasOf(state)) replica.shadowed = undefined
  }

  #restoreValues(id: number): boolean {
    const resource = this.#resource(id)
    const open = this.#formerValues(id).filter(([name, value]) => !sameValue(resource?.values[name], value))
    if (resource === undefined || open.length === 0) return false
    Object.assign(resource.values, Object.fromEntries(open))
    Object.assign(resource, { updates: undefined, external: true })
    return true
  }

  #restoreResource(id: number): void {
    const former = this.#entry.before.resources.get(id)
    if (former === undefined) return
    const values = Object.entries(former.values).map(([name, value]) => [
      name,
      isLinks(value) ? [] : this.#left.has(`${id} ${name}`) ? null : value,
    ])
    const resource: Resource = { ...former, values: Object.fromEntries(values), updates: undefined }
    this.#state.resources.set(id, { ...resource, external: true })
  }

  #restoreLink({ name, from, to, before }: LinkChange): void {
    const resource = this.#resource(from)
    if (resource === undefined || !this.#state.resources.has(to)) return
    const others = linksOf(resource, name).filter((link) => link.to !== to)
    resource.values[name] = before === undefined ? others : [...others, before]
  }

  /** What sources assert is not touched: rows look for their resource again, or are known again. */
  #moveReplicas(source: Source, of: Moved): void {
    const returned = this.#entry.returned.get(source.name)
    const detached = source.replicas.filter((replica) => this.#losesResource(source, replica, of))
    for (const replica of source.replicas) {
      const isMarked = replica.status === 'obsolete' && source.name === this.#entry.source
      if (isMarked && of.written.has(replica.resource ?? 0)) replica.status = 'synchronized'
    }
    for (const replica of detached) {
      if (returned?.has(replica.key) === true)
        source.replicas = source.replicas.filter((one) => one !== replica)
      else lookAgain(replica)
    }
    this.#restoreRows(source)
    if (returned !== undefined) this.#attachAgain(source)
  }

  /** Of a run that took another one back: rows that it let look again have their resource again. */
  #attachAgain(source: Source): void {
    const { before, after } = this.#entry
    for (const former of before.replicas.get(source.name) ?? []) {
      const wasLetGo = after.replicas.get(source.name)?.find(({ key }) => key === former.key)
      const now = this.#replica(source.name, former.key)
      if (wasLetGo?.resource !== null || now?.resource !== null) continue
      if (former.resource === null || !this.#state.resources.has(former.resource)) continue
      const isSame = JSON.stringify(now.staged) === JSON.stringify(former.staged)
      const { staged: _, letGo: __, status, ...facts } = structuredClone(former)
      Object.assign(now, { ...facts, status: isSame ? status : 'modified' })
    }
  }

  /** By a run that took another one back. */
  #wasAttachedAgain(source: string, key: string): boolean {
    const { before, after, returned } = this.#entry
    const resourceIn = (standing: Entry['before']) =>
      standing.replicas.get(source)?.find((one) => one.key === key)?.resource
    return returned.has(source) && resourceIn(before) === null && resourceIn(after) !== null
  }

  /** One who inherited the right to delete has it no more where the row is back that had it before, and has it again where that one goes again. */
  #moveRights({ name, replicas }: Source): void {
    const { before, after } = this.#entry
    const of = (standing: Entry['before'], { key, resource }: Replica) =>
      standing.replicas.get(name)?.find((one) => one.key === key && one.resource === resource)
    for (const replica of replicas) {
      const [was, is] = [of(before, replica), of(after, replica)]
      if (was === undefined || is === undefined || was.creator === is.creator) continue
      const isBack = replicasOf(this.#state).some(
        (other) => other !== replica && other.resource === replica.resource && other.creator,
      )
      if (was.creator || isBack) replica.creator = was.creator
    }
  }

  /** Its resource goes, or the run has found it for the row. */
  #losesResource({ name }: Source, { key, resource, attached }: Replica, { stood, gone }: Moved): boolean {
    const { began, ended, before, after, returned } = this.#entry
    if (resource === null) return false
    if (gone.has(resource)) return true
    const isBack = returned.get(name)?.has(key) === true || this.#wasAttachedAgain(name, key)
    const isFound = (attached > began && attached <= ended) || isBack
    const isLeft = after.resources.has(resource) && !before.resources.has(resource)
    return isFound && stood.has(resource) && !isLeft
  }

  /** Rows that went with the run, of resources that are there. */
  #restoreRows(source: Source): void {
    const { before, after } = this.#entry
    const known = new Set((after.replicas.get(source.name) ?? []).map(({ key }) => key))
    for (const former of before.replicas.get(source.name) ?? []) {
      const isBack = former.resource !== null && this.#state.resources.has(former.resource)
      if (known.has(former.key) || !isBack || this.#replica(source.name, former.key) !== undefined) continue
      source.replicas.push(structuredClone(former))
    }
  }
}

/** Ids of the resources that stood before, of those that go, and of those of which values are as they were. */
interface Moved {
  readonly stood: ReadonlySet<number>
  readonly gone: ReadonlySet<number>
  readonly written: ReadonlySet<number>
}

function lookAgain(replica: Replica): void {
  Object.assign(replica, {
    status: 'new',
    resource: null,
    creator: false,
    errors: [],
    warnings: [],
    attached: 0,
    changed: 0,
  })
}

function replicasOf(state: State): readonly Replica[] {
  return [...state.sources.values()].flatMap(({ name }) => sourceOf(state, name).replicas)
}
