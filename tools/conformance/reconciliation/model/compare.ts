/**
 * Whether the model, after the steps before, is as a scenario expects a repository to be.
 *
 * @module
 */
import type { Expectations, ExpectedReplica, ScenarioValues } from '../scenario.ts'
import { standing } from './expectations.ts'
import { named } from './people.ts'
import { displayOf, filled, type State } from './state.ts'

/** The first thing that differs. */
export function modelDiffers(state: State, expected: Expectations): string | undefined {
  const found = standing(state)
  const differences = [
    ...Object.entries(expected.load ?? {}).map(([name, value]) =>
      unequal(`load.${name}`, value, state.load?.[name]),
    ),
    ...Object.entries(expected.run ?? {}).map(([name, value]) =>
      unequal(`run.${name}`, value, state.run?.[name === 'code' ? 'code' : 'status']),
    ),
    ...Object.entries(expected.report ?? {}).map(([name, value]) =>
      unequal(`report.${name}`, value, state.report?.[name] ?? value),
    ),
    ...Object.entries(expected.resources ?? {}).map(([type, rows]) =>
      assignable(rows, [...(found.resources?.[type] ?? [])], state)
        ? undefined
        : unequal(type, rows, found.resources?.[type]),
    ),
    ...Object.entries(expected.replicas ?? {}).flatMap(([source, rows]) =>
      replicasDiffer(state, rows, found.replicas?.[source] ?? []),
    ),
    ...Object.entries(expected.locks ?? {}).map(([name, locks]) =>
      unequal(`locks of ${name}`, sorted(locks), sorted(found.locks?.[name] ?? {})),
    ),
    ...Object.entries(expected.history ?? {}).map(([name, count]) =>
      unequal(`history of ${name}`, count, named(state, name).updates ?? count),
    ),
  ]
  return differences.find((difference) => difference !== undefined)
}

function sorted(of: object): unknown {
  return Object.entries(of).sort()
}

function unequal(about: string, expected: unknown, found: unknown): string | undefined {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(found)]
  return one === other ? undefined : `${about}: expected ${one}, the model has ${other}`
}

function replicasDiffer(
  state: State,
  expected: readonly ExpectedReplica[],
  found: readonly ExpectedReplica[],
): readonly (string | undefined)[] {
  const keys = (rows: readonly ExpectedReplica[]) => rows.map(({ key }) => filled(state, key)).sort()
  return [
    unequal('keys', keys(expected), keys(found)),
    ...expected.map((row) =>
      replicaDiffers(
        state,
        row,
        found.find(({ key }) => filled(state, key) === filled(state, row.key)),
      ),
    ),
  ]
}

function replicaDiffers(
  state: State,
  expected: ExpectedReplica,
  found: ExpectedReplica | undefined,
): string | undefined {
  const { key, resource, text: _, warning, ...rest } = expected
  const plain = Object.entries(rest).map(([name, value]) =>
    unequal(`${key} ${name}`, value, found?.[name as keyof typeof rest]),
  )
  const warned =
    warning === undefined ? undefined : unequal(`${key} warning`, list(warning), list(found?.warning))
  const same =
    resource === undefined ||
    found?.resource === resource ||
    named(state, resource) === named(state, found?.resource ?? '')
  return [...plain, warned, same ? undefined : `${key} is attached to another one`].find(
    (one) => one !== undefined,
  )
}

function list(of: unknown): unknown {
  return of === null || of === undefined ? [] : [of].flat().sort()
}

function assignable(
  expected: readonly ScenarioValues[],
  found: readonly ScenarioValues[],
  state: State,
): boolean {
  if (expected.length !== found.length) return false
  const [first, ...others] = expected
  if (first === undefined) return true
  return found.some(
    (one) =>
      fits(first, one, state) &&
      assignable(
        others,
        found.filter((other) => other !== one),
        state,
      ),
  )
}

function fits(expected: ScenarioValues, found: ScenarioValues, state: State): boolean {
  return Object.entries(expected).every(([name, value]) => {
    if (name === 'is' || name === 'not') return (found['is'] === value) === (name === 'is')
    return sameShown(value, found[name], state)
  })
}

function sameShown(expected: unknown, found: unknown, state: State): boolean {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return false
    const wanted = expected.map((one: unknown): unknown => (typeof one === 'string' ? { to: one } : one))
    return wanted.every((one) => found.some((link) => sameShown(one, link, state)))
  }
  if (typeof expected === 'object' && expected !== null) {
    const of = new Map(Object.entries(found ?? {}))
    return Object.entries(expected).every(([name, value]) => of.get(name) === value)
  }
  const aliased = state.aliases.get(String(expected))
  const target = aliased === undefined ? undefined : state.resources.get(aliased)
  return (
    (expected === '' ? null : expected) === found ||
    (target !== undefined && displayOf(state, target) === found)
  )
}
