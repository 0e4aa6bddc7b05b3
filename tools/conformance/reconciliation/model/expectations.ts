/**
 * What the model expects of a repository, in the form in which scenarios write it.
 *
 * @module
 */
import type { Expectations, ExpectedReplica, ScenarioValues, Step } from '../scenario.ts'
import { lockOf } from './claims.ts'
import {
  displayOf,
  isLinks,
  propertiesOf,
  type Replica,
  type Resource,
  resourcesOf,
  type State,
  type Value,
} from './state.ts'

/** All that can be said after the step. */
export function expectationsAfter(state: State, step: Step): Expectations {
  const loads = 'load' in step || 'sync' in step
  const runs = 'run' in step || 'sync' in step
  return {
    ...(loads && state.load !== undefined ? { load: state.load } : {}),
    ...(runs && state.run !== undefined ? { run: state.run } : {}),
    ...(runs && state.report !== undefined ? { report: state.report } : {}),
    ...standing(state),
  }
}

/** What stands in the repository. */
export function standing(state: State): Expectations {
  const types = Object.keys(state.types)
  const nameable = [...state.resources.values()].flatMap((resource) => {
    const name = nameOf(state, resource)
    return name === undefined ? [] : [{ name, resource }]
  })
  return {
    resources: Object.fromEntries(
      types.map((type) => [type, resourcesOf(state, type).map((one) => shownResource(state, one))]),
    ),
    replicas: Object.fromEntries(
      [...state.sources.values()].map(({ name, replicas }) => [
        name,
        replicas.map((replica) => shownReplica(state, replica)),
      ]),
    ),
    locks: Object.fromEntries(nameable.map(({ name, resource }) => [name, locksOf(state, resource)])),
    history: Object.fromEntries(
      nameable.flatMap(({ name, resource }) =>
        resource.updates === undefined ? [] : [[name, resource.updates]],
      ),
    ),
  }
}

/** By which a scenario can name it. */
export function nameOf(state: State, resource: Resource): string | undefined {
  const [alias] = [...state.aliases].find(([, id]) => id === resource.id) ?? []
  if (alias !== undefined) return alias
  const display = displayOf(state, resource)
  const alike = resourcesOf(state, resource.type).filter((one) => displayOf(state, one) === display)
  return typeof display === 'string' && alike.length === 1 ? `${resource.type}/${display}` : undefined
}

function shownResource(state: State, { id, type, values }: Resource): ScenarioValues {
  const [alias] = [...state.aliases].find(([, of]) => of === id) ?? []
  const shown = Object.entries(propertiesOf(state, type))
    .filter(([, property]) => property.type !== 'secret')
    .map(([name, property]) => [name, shownValue(state, values[name] ?? null, property.type === 'reference')])
  return { ...(alias === undefined ? {} : { is: alias }), ...Object.fromEntries(shown) }
}

function shownValue(state: State, value: Value, isReference: boolean): unknown {
  if (isReference && typeof value === 'number') return calledBy(state, value)
  if (!isLinks(value)) return value
  return value.map(({ to, properties }) => ({ to: calledBy(state, to), ...properties }))
}

function calledBy(state: State, id: number): Value {
  const target = state.resources.get(id)
  return target === undefined ? null : displayOf(state, target)
}

function shownReplica(state: State, replica: Replica): ExpectedReplica {
  const { key, status, creator, resource, errors, warnings, shadowed } = replica
  const attached = resource === null ? undefined : state.resources.get(resource)
  const name = attached === undefined ? undefined : nameOf(state, attached)
  const codes = new Set(errors.map(({ code }) => code))
  const [error] = errors
  const [keyed] = [...state.aliases].find(([, id]) => String(id) === key) ?? []
  return {
    // The ids of a repository are not those of the model.
    key: keyed === undefined ? key : `\${${keyed}}`,
    status,
    creator,
    attached: resource !== null,
    ...(name === undefined ? {} : { resource: name }),
    // Of several faults any one may be told.
    ...(codes.size > 1 ? {} : { error: error?.code ?? null }),
    ...(errors.length === 1 && error !== undefined && error.text.length > 0 ? { text: [...error.text] } : {}),
    warning: warnings.length === 0 ? null : [...warnings],
    ...(shadowed === undefined || status !== 'synchronized' ? {} : { shadowed: [...shadowed] }),
  }
}

function locksOf(state: State, resource: Resource): Record<string, string> {
  return Object.fromEntries(
    Object.keys(resource.values).flatMap((name) => {
      // Links are locked one by one, each by the source that says it.
      if (isLinks(resource.values[name])) return []
      const source = lockOf(state, resource, name)
      return source === undefined ? [] : [[name, source.name]]
    }),
  )
}
