/**
 * What people do, and what happens behind the engine: sections 3 and 6.
 *
 * @module
 */
import type { NewResource, ScenarioValues, UserStep } from '../scenario.ts'
import { lockOf } from './claims.ts'
import {
  addResource,
  displayOf,
  forget,
  isEmpty,
  isRequired,
  propertiesOf,
  type Resource,
  resourcesOf,
  type State,
  sameValue,
  type Value,
} from './state.ts'

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** By an alias, or `Type/displayValue`. */
export function named(state: State, name: string): Resource {
  const alias = state.aliases.get(name)
  const [type = '', ...rest] = name.split('/')
  const found =
    alias === undefined
      ? resourcesOf(state, type).filter((one) => displayOf(state, one) === rest.join('/'))
      : [state.resources.get(alias)]
  const [resource] = found
  if (found.length !== 1 || resource === undefined)
    throw new Error(`${found.length} resources are called ${name}.`)
  return resource
}

/** What stands there beforehand, or what a person creates. */
export function place(state: State, { type, as, values }: NewResource): Resource {
  const resource = addResource(state, type)
  Object.assign(resource.values, givenValues(state, type, values))
  if (as !== undefined) state.aliases.set(as, resource.id)
  return resource
}

function givenValues(state: State, type: string, values: ScenarioValues): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, givenValue(state, type, name, value)]),
  )
}

function givenValue(state: State, type: string, name: string, value: unknown): Value {
  const { type: kind, to = '' } = propertiesOf(state, type)[name] ?? { type: 'string' }
  const target = (text: string) => named(state, state.aliases.has(text) ? text : `${to}/${text}`).id
  if (Array.isArray(value)) {
    return value.map((one) => {
      const { to: text, ...properties } = typeof one === 'string' ? { to: one } : { to: '', ...one }
      return { to: target(text), properties }
    })
  }
  if (value === null || value === '') return null
  if (kind === 'reference') return target(String(value))
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}

export function act(
  state: State,
  { role = 'admin', create, update, delete: deleted }: UserStep,
): Refusal | undefined {
  if (create !== undefined) {
    const missing = Object.entries(propertiesOf(state, create.type)).find(
      ([name, { required }]) =>
        required === true && isEmpty(givenValue(state, create.type, name, create.values[name] ?? null)),
    )
    if (missing !== undefined) return { code: 'required_missing', message: missing[0] }
    place(state, create)
    return undefined
  }
  if (update !== undefined) return change(state, named(state, update.resource), update.values)
  return remove(state, named(state, deleted ?? ''), role)
}

function change(state: State, resource: Resource, given: ScenarioValues): Refusal | undefined {
  const values = givenValues(state, resource.type, given)
  const different = Object.entries(values).filter(([name, value]) => !sameValue(resource.values[name], value))
  const locked = different.find(([name]) => lockOf(state, resource, name) !== undefined)
  if (locked !== undefined) return { code: 'locked', message: locked[0] }
  const emptied = different.find(
    ([name, value]) => isEmpty(value) && propertiesOf(state, resource.type)[name]?.required === true,
  )
  if (emptied !== undefined) return { code: 'required_missing', message: emptied[0] }
  if (different.length === 0) return undefined
  Object.assign(resource.values, Object.fromEntries(different))
  resource.updates = resource.updates === undefined ? undefined : resource.updates + 1
  return undefined
}

function remove(state: State, { id }: Resource, role: 'admin' | 'user'): Refusal | undefined {
  const forbids = [...state.sources.values()].find(({ definition, replicas }) => {
    const { userDeletePolicy = 'nobody' } = definition
    const may =
      userDeletePolicy === 'everybody' || (userDeletePolicy === 'administrators' && role === 'admin')
    return !may && replicas.some(({ resource, creator }) => creator && resource === id)
  })
  if (forbids !== undefined) return { code: 'delete_not_allowed', message: forbids.name }
  if (isRequired(state, id)) return { code: 'delete_refused', message: '' }
  forget(state, id)
  return undefined
}
