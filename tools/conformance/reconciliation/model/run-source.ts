/**
 * Runs a source on what is staged: section 5, phase by phase and row by row.
 *
 * @module
 */
import type { RunStep } from '../scenario.ts'
import { attributesOf, claimsOn, decided, isLock, type Moment, readingOf } from './claims.ts'
import { type Reading, readValue, typed } from './read-value.ts'
import {
  addResource,
  forget,
  isEmpty,
  isLinks,
  isRequired,
  propertiesOf,
  type Replica,
  type Resource,
  type RowError,
  resourcesOf,
  type Source,
  type State,
  sameValue,
  sourceOf,
  type Value,
} from './state.ts'

/** `loaded`: the run follows a load in the same call. */
export function run(state: State, step: RunStep, loaded: boolean): void {
  const source = sourceOf(state, step.source)
  const refusal = refusalOf(state, source, step, loaded)
  state.run = { status: refusal === undefined ? 'completed' : 'refused', code: refusal ?? null }
  state.report = undefined
  if (refusal === undefined) state.report = new SourceRun(state, source, loaded).report()
}

function refusalOf(
  state: State,
  source: Source,
  { by, force }: RunStep,
  loaded: boolean,
): string | undefined {
  const { owner, status, deletePolicy, guard } = source.definition
  const mayRun = by === undefined || by.role === 'admin' || (by.user ?? by.role) === owner
  if (!mayRun) return 'not_allowed'
  if (status === 'obsolete') return 'source_obsolete'
  if (force === true || (deletePolicy?.action ?? 'ignore') === 'ignore') return undefined
  const { everything = true, percent = 0 } = guard ?? {}
  const all = source.replicas.filter(({ resource, status: of }) => resource !== null && of !== 'obsolete')
  const gone = all.filter((replica) => hasDisappeared(state, source, replica, loaded))
  if (everything && all.length > 0 && gone.length === all.length) return 'guard_everything'
  return percent > 0 && gone.length * 100 > percent * all.length ? 'guard_percentage' : undefined
}

/** Section 5.1. `longer`: seconds on top of the interval. */
function hasDisappeared(
  state: State,
  { definition, loaded: last }: Source,
  { key, seen }: Replica,
  loaded: boolean,
  longer = 0,
): boolean {
  const interval = definition.fullLoadInterval ?? 0
  const isOld = seen < state.now - interval - longer
  if (!loaded) return interval > 0 && isOld
  return last?.has(key) !== true && (interval + longer === 0 || isOld)
}

const noCounts = {
  created: 0,
  creation_errors: 0,
  matched_updated: 0,
  matched_unchanged: 0,
  reconciliation_errors: 0,
  updated: 0,
  unchanged: 0,
  update_errors: 0,
  obsoleted: 0,
  obsolescence_errors: 0,
  deleted: 0,
  deletion_errors: 0,
  no_action: 0,
  warnings: 0,
}

class SourceRun {
  readonly #state: State
  readonly #source: Source
  readonly #loaded: boolean
  readonly #counts = { ...noCounts }
  /** When each row is applied: one after the other, in the order in which they were staged. */
  readonly #moments: ReadonlyMap<Replica, number>
  /** Those that disappeared, obsolete ones that disappeared before among them; and those whose retention is over. */
  readonly #gone: ReadonlySet<Replica>
  readonly #expired: ReadonlySet<Replica>
  readonly #applied = new Set<Resource>()
  /** Several rows of the run, those that have disappeared among them, stand for one resource: Sluice counts them by what all of them together have written. */
  #shared = false
  /** Written in this run. */
  readonly #written = new Set<Resource>()

  constructor(state: State, source: Source, loaded: boolean) {
    this.#state = state
    this.#source = source
    this.#loaded = loaded
    this.#moments = new Map(source.replicas.map((replica, n) => [replica, state.moment + n + 1]))
    state.moment += source.replicas.length
    const { retention = 0 } = source.definition.deletePolicy ?? {}
    const disappeared = (longer = 0) =>
      new Set(source.replicas.filter((replica) => hasDisappeared(state, source, replica, loaded, longer)))
    this.#gone = disappeared()
    // What this run marks, a later one deletes.
    this.#expired = new Set([...disappeared(retention)].filter(({ status }) => status === 'obsolete'))
  }

  report(): Readonly<Record<string, number>> {
    this.#disappear()
    this.#deleteExpired()
    const seen = this.#source.replicas.filter((replica) => !this.#gone.has(replica))
    for (const replica of seen.filter(({ status }) => status !== 'new')) this.#take(replica)
    for (const replica of seen.filter(({ status }) => status === 'new')) this.#take(replica)
    if (this.#loaded) this.#repair()
    const errors = Object.entries(this.#counts).filter(([name]) => name.endsWith('_errors'))
    const all = { ...this.#counts, errors: errors.reduce((sum, [, count]) => sum + count, 0) }
    return this.#shared ? withoutWrites(all) : all
  }

  /** What somebody else has written, and a run that took another one back: what is locked is brought again by a run that knows all there is. */
  #repair(): void {
    const attached = new Set(this.#source.replicas.map(({ resource }) => resource))
    for (const resource of this.#state.resources.values()) {
      if (resource.external !== true || !attached.has(resource.id)) continue
      this.#shared = true
      this.#decide(resource, {})
    }
  }

  /**
   * Section 5.4. Sluice is before the rows that are seen with it, and takes those that have their resource before those that search, so that a
   * search finds what this run leaves.
   */
  #deleteExpired(): void {
    if (this.#source.definition.deletePolicy?.action !== 'update_then_delete') return
    this.#delete(this.#source.replicas.filter((one) => one.status === 'obsolete' && this.#expired.has(one)))
  }

  /** Section 5.2. */
  #disappear(): void {
    const { action = 'ignore' } = this.#source.definition.deletePolicy ?? {}
    const gone = this.#source.replicas.filter((replica) => this.#gone.has(replica))
    if (action === 'delete') this.#delete(gone)
    else if (action !== 'ignore') {
      for (const replica of gone) if (replica.status !== 'obsolete') this.#mark(replica)
    }
  }

  #mark(replica: Replica): void {
    const resource = replica.resource === null ? undefined : this.#state.resources.get(replica.resource)
    const values = resource === undefined ? {} : this.#markedValues(resource)
    const code = this.#faultOfMark(replica, resource, values)
    replica.errors = code === undefined ? [] : [{ code, text: [] }]
    if (code !== undefined) {
      this.#counts.obsolescence_errors++
      return
    }
    if (resource !== undefined) this.#write(resource, values)
    replica.status = 'obsolete'
    replica.warnings = []
    if (resource !== undefined) this.#applied.add(resource)
    this.#counts.obsoleted++
  }

  #faultOfMark(
    replica: Replica,
    resource: Resource | undefined,
    values: Readonly<Record<string, Value>>,
  ): string | undefined {
    if (replica.resource === null) return 'never_attached'
    if (resource === undefined) return 'resource_gone'
    const locked = Object.keys(values).some(
      (name) => !sameValue(values[name], resource.values[name]) && this.#isLockedByOthers(resource, name),
    )
    return locked ? 'locked' : undefined
  }

  #markedValues({ type }: Resource): Record<string, Value> {
    const update = Object.entries(this.#source.definition.deletePolicy?.update ?? {})
    return Object.fromEntries(
      update.map(([name, value]) => {
        const property = propertiesOf(this.#state, type)[name]
        return [name, value === null || property === undefined ? null : typed(property, String(value))]
      }),
    )
  }

  /** By one that comes before this source. */
  #isLockedByOthers(resource: Resource, name: string): boolean {
    const first = claimsOn(this.#state, resource, name).find(isLock)
    if (first === undefined || first.source === this.#source) return false
    return (first.source.definition.precedence ?? 0) >= (this.#source.definition.precedence ?? 0)
  }

  /** Under `delete`, or when the retention is over. */
  #delete(replicas: readonly Replica[]): void {
    const deleted = new Set<number>()
    const going = new Set(replicas)
    for (const replica of replicas) {
      const resource = replica.resource === null ? undefined : this.#state.resources.get(replica.resource)
      if (resource === undefined || !replica.creator || this.#isHeld(resource, replica)) {
        this.#counts.no_action++
        this.#release(replica, going)
      } else if (isRequired(this.#state, resource.id)) {
        this.#refuse(replica)
        going.delete(replica)
      } else {
        deleted.add(resource.id)
        this.#counts.deleted++
      }
    }
    for (const id of deleted) forget(this.#state, id)
    for (const id of new Set(replicas.map(({ resource }) => resource))) {
      const resource = id === null ? undefined : this.#state.resources.get(id)
      if (resource !== undefined) this.#decide(resource, { going })
    }
    this.#source.replicas = this.#source.replicas.filter((replica) => !going.has(replica))
  }

  #refuse(replica: Replica): void {
    replica.status = 'obsolete'
    replica.errors = [{ code: 'delete_refused', text: [] }]
    replica.warnings = []
    this.#counts.deletion_errors++
  }

  #isHeld({ id }: Resource, than: Replica): boolean {
    return [...this.#state.sources.values()].some(({ replicas }) =>
      replicas.some(
        (other) =>
          other !== than && other.resource === id && other.status !== 'obsolete' && !this.#gone.has(other),
      ),
    )
  }

  /** The right to delete passes on to the one that was attached first. */
  #release(replica: Replica, going: ReadonlySet<Replica>): void {
    if (!replica.creator || replica.resource === null) return
    const [heir] = [...this.#state.sources.values()]
      .flatMap(({ replicas }) => replicas)
      .filter(
        (other) =>
          other.resource === replica.resource &&
          other.status !== 'obsolete' &&
          !going.has(other) &&
          !this.#gone.has(other),
      )
      .toSorted((one, other) => one.attached - other.attached)
    if (heir !== undefined) heir.creator = true
  }

  /** Section 5.3. */
  #take(replica: Replica): void {
    const { status, warnings } = replica
    if (status === 'new') this.#reconcile(replica)
    else if (
      status === 'modified' ||
      (status === 'synchronized' && (warnings.length > 0 || this.#vanished(replica)))
    )
      this.#update(replica)
    else if (status === 'synchronized') this.#counts.unchanged++
  }

  /** Sluice looks for it also where the row is as it was. */
  #vanished({ resource }: Replica): boolean {
    return resource !== null && !this.#state.resources.has(resource)
  }

  #reconcile(replica: Replica): void {
    const found = this.#search(replica)
    const choice = typeof found === 'string' ? { code: found, text: [] } : this.#choose(found)
    if (choice === 'create') this.#create(replica)
    else if ('code' in choice) {
      replica.resource = null
      // A value that is none may be why nothing was found.
      const faults = this.#readings(replica, this.#source.definition.entityType).flatMap(([, reading]) =>
        reading.kind === 'error' && reading.error.code === 'invalid_value' ? [reading.error] : [],
      )
      replica.errors = choice.code === 'no_match' ? [choice, ...faults] : [choice]
      this.#counts.reconciliation_errors++
    } else this.#match(replica, choice)
  }

  /** What becomes of a row that found these. */
  #choose(found: readonly Resource[]): 'create' | Resource | RowError {
    const {
      onZero = 'create',
      onOne = 'update',
      onMultiple = 'error',
    } = this.#source.definition.reconciliation ?? {}
    const [first] = found
    if (first === undefined) return onZero === 'create' ? 'create' : { code: 'no_match', text: [] }
    if (found.length === 1) return onOne === 'error' ? { code: 'unexpected_match', text: [] } : first
    if (onMultiple !== 'error') return onMultiple === 'create' ? 'create' : first
    const names = attributesOf(this.#source).flatMap(([name, of]) => (of.reconcile === true ? [name] : []))
    return { code: 'several_matches', text: [String(found.length), ...names] }
  }

  #match(replica: Replica, resource: Resource): void {
    const { before, errors } = this.#apply(replica, resource)
    if (errors) this.#counts.reconciliation_errors++
    else if (before) this.#counts.matched_unchanged++
    else this.#counts.matched_updated++
  }

  /** A text: why nothing can be searched. */
  #search(replica: Replica): readonly Resource[] | string {
    const state = this.#state
    const { entityType: type, reconciliation } = this.#source.definition
    const all = resourcesOf(state, type).toSorted((one, other) => one.id - other.id)
    if (reconciliation?.policy === 'primary_key') {
      if (!/^\d+$/.test(replica.key)) return 'invalid_key'
      return all.filter(({ id }) => String(id) === replica.key)
    }
    const keys = attributesOf(this.#source).filter(([, attribute]) => attribute.reconcile === true)
    const wanted = keys.map(
      ([name, attribute]) => [name, readValue({ state, type, name, attribute }, replica)] as const,
    )
    if (wanted.some(([, reading]) => reading.kind === 'silent')) return 'null_key_value'
    return all.filter(({ values }) =>
      wanted.every(
        ([name, reading]) =>
          reading.kind === 'value' && reading.warning === undefined && sameValue(values[name], reading.value),
      ),
    )
  }

  #create(replica: Replica): void {
    const resource = addResource(this.#state, this.#source.definition.entityType)
    const { errors } = this.#apply(replica, resource, true)
    if (errors) {
      this.#state.resources.delete(resource.id)
      replica.resource = null
      this.#counts.creation_errors++
      return
    }
    replica.creator = true
    resource.updates = 0
    this.#counts.created++
  }

  #update(replica: Replica): void {
    const resource = replica.resource === null ? undefined : this.#state.resources.get(replica.resource)
    if (resource === undefined) {
      replica.status = 'orphan'
      replica.errors = [{ code: 'resource_gone', text: [] }]
      replica.warnings = []
      this.#counts.update_errors++
      return
    }
    const { before, errors } = this.#apply(replica, resource)
    if (errors) this.#counts.update_errors++
    else if (before) this.#counts.unchanged++
    else this.#counts.updated++
  }

  #momentOf(replica: Replica): number {
    return this.#moments.get(replica) ?? 0
  }

  /** `before`: nothing had to be written. */
  #apply(
    replica: Replica,
    resource: Resource,
    isNew = false,
  ): { readonly before: boolean; readonly errors: boolean } {
    const moment = this.#momentOf(replica)
    if (replica.resource !== resource.id) {
      replica.resource = resource.id
      replica.attached = moment
    }
    const before = replica.changed
    replica.changed = moment
    const readings = this.#readings(replica, resource.type)
    const faults = readings.flatMap(([, reading]) => (reading.kind === 'error' ? [reading.error] : []))
    const values = faults.length > 0 ? {} : this.#decidedValues(resource, { now: replica })
    const missing = faults.length > 0 ? [] : this.#missing(resource, values, isNew)
    replica.errors = [...faults, ...missing]
    if (replica.errors.length > 0) {
      replica.changed = before
      replica.status = replica.status === 'new' ? 'new' : 'modified'
      replica.warnings = []
      return { before: false, errors: true }
    }
    this.#shared ||= this.#applied.has(resource)
    this.#applied.add(resource)
    const written = this.#write(resource, values)
    replica.status = 'synchronized'
    replica.letGo = []
    replica.warnings = readings.flatMap(([, reading]) => warningOf(reading))
    if (replica.warnings.length > 0) this.#counts.warnings++
    this.#noteShadowed(replica, resource)
    return { before: !written, errors: false }
  }

  #readings(replica: Replica, type: string): readonly (readonly [string, Reading])[] {
    return attributesOf(this.#source).flatMap(([name, attribute]) => {
      const reading = readValue({ state: this.#state, type, name, attribute }, replica)
      // What only serves to search has no other fault than not to be a value.
      const idle =
        attribute.update === false && !(reading.kind === 'error' && reading.error.code === 'invalid_value')
      return idle ? [] : [[name, reading] as const]
    })
  }

  #decidedValues(resource: Resource, moment: Moment): Record<string, Value> {
    return Object.fromEntries(
      Object.keys(resource.values).map((name) => [name, decided(this.#state, resource, name, moment)]),
    )
  }

  #missing(resource: Resource, values: Readonly<Record<string, Value>>, isNew: boolean): readonly RowError[] {
    return Object.entries(propertiesOf(this.#state, resource.type)).flatMap(([name, { required }]) =>
      required === true && isEmpty(values[name]) && (isNew || !isEmpty(resource.values[name]))
        ? [{ code: 'required_missing', text: [name] }]
        : [],
    )
  }

  #decide(resource: Resource, moment: Moment): void {
    const values = this.#decidedValues(resource, moment)
    if (this.#missing(resource, values, false).length === 0) this.#write(resource, values)
  }

  #write(resource: Resource, values: Readonly<Record<string, Value>>): boolean {
    const differing = Object.keys(values).filter((name) => !sameValue(resource.values[name], values[name]))
    if (differing.length === 0) return false
    Object.assign(resource.values, values)
    resource.external = false
    const again = this.#written.has(resource)
    this.#written.add(resource)
    // Links have a history of their own.
    const isPlain = differing.some((name) => !isLinks(resource.values[name]))
    resource.updates = again || !isPlain || resource.updates === undefined ? undefined : resource.updates + 1
    return true
  }

  /** Of the others it is not said before their own next run. */
  #noteShadowed(replica: Replica, resource: Resource): void {
    for (const { replicas } of this.#state.sources.values())
      for (const other of replicas) if (other.resource === resource.id) other.shadowed = undefined
    const claims = attributesOf(this.#source).filter(([, { update }]) => update !== false)
    // Of what names nothing it is not said, either.
    const isOpen = replica.warnings.length > 0
    if (isOpen || claims.some(([, { policy }]) => policy === 'write_if_empty')) return
    replica.shadowed = claims.flatMap(([name, attribute]) => {
      const claim = { source: this.#source, replica, attribute }
      const reading = readingOf(this.#state, resource, claim, name)
      if (reading.kind !== 'value' || sameValue(reading.value, resource.values[name])) return []
      return [name]
    })
  }
}

function withoutWrites(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { matched_updated: _, matched_unchanged: __, updated: ___, unchanged: ____, ...others } = counts
  return others
}

function warningOf(reading: Reading): readonly string[] {
  return reading.kind !== 'error' && reading.warning !== undefined ? [reading.warning] : []
}
