/**
 * What the small model of several sources keeps in memory: plain objects, to be copied whole where a step is only tried.
 *
 * The model says what `cases/reconciliation/README.md` says, in as few words as possible, and knows nothing of the engine: where the two
 * differ, one of them is wrong.
 *
 * @module
 */

import type { Expectations, ScenarioProperty, ScenarioTypes, SourceDefinition } from '../scenario.ts'
import type { Entry } from './journal.ts'

interface FileValue {
  readonly filename: string
  readonly mimetype: string
  readonly text: string
}

export interface Link {
  readonly to: number
  readonly properties: Readonly<Record<string, string>>
}

/** A reference is the id of its target. */
export type Value = string | number | boolean | null | FileValue | readonly Link[]

export interface Resource {
  readonly id: number
  readonly type: string
  readonly values: Record<string, Value>
  /** Writes after its creation; `undefined`: several rows of one run wrote it, which may count as one write. */
  updates: number | undefined
  /** A run that took another one back wrote it last: as if somebody else had, beside the sources. */
  external?: boolean
}

export interface RowError {
  readonly code: string
  /** Texts of which the message has each. */
  readonly text: readonly string[]
}

export interface Replica {
  readonly key: string
  /** `null` leaves the property alone, an empty text empties it. */
  readonly staged: Record<string, string | null>
  status: 'new' | 'synchronized' | 'modified' | 'orphan' | 'obsolete'
  /** May be one that is gone. */
  resource: number | null
  creator: boolean
  /** One of them is shown. */
  errors: readonly RowError[]
  warnings: readonly string[]
  /** `undefined`: not known, since others have written since. */
  shadowed: readonly string[] | undefined
  /** When its row was seen last. */
  seen: number
  /** Moments, which only have an order. */
  attached: number
  changed: number
  /** What it asserted and no longer does, since it was applied. */
  letGo: readonly string[]
}

export interface Source {
  readonly name: string
  definition: SourceDefinition
  /** In the order in which they were first staged. */
  replicas: Replica[]
  /** Of the last load; `undefined`: there was none. */
  loaded: ReadonlySet<string> | undefined
}

export interface State {
  readonly types: ScenarioTypes
  readonly sources: Map<string, Source>
  readonly resources: Map<number, Resource>
  readonly aliases: Map<string, number>
  readonly obsoleteReplicasLock: boolean
  now: number
  moment: number
  nextId: number
  load: NonNullable<Expectations['load']> | undefined
  run: NonNullable<Expectations['run']> | undefined
  report: Readonly<Record<string, number>> | undefined
  /** Of each step that may make a run; `undefined` where it has made none. */
  readonly journal: (Entry | undefined)[]
}

export function sourceOf(state: State, name: string): Source {
  const source = state.sources.get(name)
  if (source === undefined) throw new Error(`There is no source ${name}.`)
  return source
}

export function propertiesOf(state: State, type: string): Readonly<Record<string, ScenarioProperty>> {
  return state.types[type]?.properties ?? {}
}

export function resourcesOf(state: State, type: string): readonly Resource[] {
  return [...state.resources.values()].filter((resource) => resource.type === type)
}

export function displayOf(state: State, { type, values }: Resource): Value {
  return values[state.types[type]?.display ?? ''] ?? null
}

/** `${alias}` stands for an id. */
export function filled(state: State, text: string): string {
  return text.replace(/\$\{(\w+)\}/g, (_, alias: string) => String(state.aliases.get(alias) ?? ''))
}

/** A new resource without values; `null` is what each has. */
export function addResource(state: State, type: string): Resource {
  const id = state.nextId++
  const properties = Object.entries(propertiesOf(state, type))
  const values = Object.fromEntries(properties.map(([name, of]) => [name, of.type === 'links' ? [] : null]))
  const resource: Resource = { id, type, values, updates: 0 }
  state.resources.set(id, resource)
  return resource
}

/** What pointed to it is emptied, whoever deletes it. */
function removeResource(state: State, id: number): void {
  state.resources.delete(id)
  for (const resource of state.resources.values()) {
    for (const [name, property] of Object.entries(propertiesOf(state, resource.type))) {
      const value = resource.values[name] ?? null
      if (property.type === 'reference' && value === id) {
        resource.values[name] = null
        resource.updates = undefined
      }
      if (property.type === 'links' && isLinks(value) && value.some(({ to }) => to === id)) {
        resource.values[name] = value.filter(({ to }) => to !== id)
        resource.updates = undefined
      }
    }
  }
}

/** With all replicas that stand for it, and their rows. */
export function forget(state: State, id: number): void {
  removeResource(state, id)
  for (const source of state.sources.values())
    source.replicas = source.replicas.filter(({ resource }) => resource !== id)
}

/** A resource that needs it is in its way. */
export function isRequired(state: State, id: number): boolean {
  return [...state.resources.values()].some(({ type, values }) =>
    Object.entries(propertiesOf(state, type)).some(
      ([name, { type: kind, required }]) => kind === 'reference' && required === true && values[name] === id,
    ),
  )
}

export function isLinks(value: Value | undefined): value is readonly Link[] {
  return Array.isArray(value)
}

export function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || (isLinks(value) && value.length === 0)
}

export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: Value | undefined): string {
  if (!isLinks(value)) return JSON.stringify(value ?? null)
  const links = value.map(({ to, properties }) => JSON.stringify([to, Object.entries(properties).sort()]))
  return JSON.stringify(links.sort())
}
