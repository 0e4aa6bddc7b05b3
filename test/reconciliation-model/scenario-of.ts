/**
 * A scenario as the suite writes it: what is done to a small of, and behind each step what the model expects.
 *
 * @module
 */

import {
  expectationsAfter,
  nameOf,
  standing,
} from '../../tools/conformance/reconciliation/model/expectations.ts'
import { merge } from '../../tools/conformance/reconciliation/model/merge.ts'
import { begin, play } from '../../tools/conformance/reconciliation/model/play.ts'
import {
  displayOf,
  filled,
  propertiesOf,
  type Resource,
  resourcesOf,
  type State,
} from '../../tools/conformance/reconciliation/model/state.ts'
import type {
  Expectations,
  Scenario,
  ScenarioModel,
  ScenarioProperty,
  Step,
} from '../../tools/conformance/reconciliation/scenario.ts'
import { type Cells, type Intent, type SmallCase, stagedRow } from './small-cases.ts'

export function scenarioOf(model: ScenarioModel, of: SmallCase): Scenario {
  const sources = Object.fromEntries(of.definitions.map((definition, n) => [`s${n + 1}`, definition]))
  const { obsoleteLocks, given } = of
  const begun = {
    title: 'random',
    why: 'The model expects it.',
    settings: { obsoleteReplicasLock: obsoleteLocks },
    given: [...given],
    sources,
    steps: [],
  }
  const state = begin(model, begun)
  const steps: Step[] = []
  for (const [n, intent] of of.intents.entries()) {
    const step = stepOf(state, intent, n)
    if (step === undefined) continue
    const refusal = play(state, step)
    steps.push(refusal === undefined ? step : refused(step, refusal))
    steps.push({ expect: expectationsAfter(state, step) })
  }
  return { ...begun, steps }
}

/** Sources that run at once on what was done before, without a comparison; and what may come of it: that of each order. */
export function atOnce(
  model: ScenarioModel,
  of: SmallCase,
): { readonly scenario: Scenario; readonly ends: readonly Expectations[] } {
  const half = Math.floor(of.intents.length / 2)
  const intents = of.intents.map((one, n) =>
    n >= half && one.does === 'sync' ? { ...one, does: 'load' as const } : one,
  )
  const before = scenarioOf(model, { ...of, intents })
  const steps = before.steps.filter((step) => !('expect' in step))
  const deleted = new Set(
    steps.flatMap((step) => ('source' in step && 'delete' in step.source ? [step.source.delete] : [])),
  )
  const runs = Object.keys(before.sources ?? {}).filter((name) => !deleted.has(name))
  const scenario = { ...before, steps: [...steps, { concurrent: { runs } }] }
  if (runs.length < 2) return { scenario, ends: [] }
  const ends = ordersOf(runs).map((order) => {
    const state = begin(model, before)
    for (const step of [...steps, { concurrent: { runs: [...order] } }]) play(state, step)
    return standing(state)
  })
  return { scenario, ends }
}

/** What was done before two resources of a type are merged, and by which names they are known; and what is expected then, and of a run of each source. */
export function mergingOf(
  model: ScenarioModel,
  of: SmallCase,
):
  | { readonly scenario: Scenario; readonly pair: readonly [string, string]; readonly after: readonly Step[] }
  | undefined {
  const before = scenarioOf(model, of)
  const steps = before.steps.filter((step) => !('expect' in step))
  const state = begin(model, before)
  for (const step of steps) play(state, step)
  const servers = resourcesOf(state, 'Server').flatMap((resource) => {
    const name = nameOf(state, resource)
    return name === undefined ? [] : [{ name, resource }]
  })
  const [one, other] = servers
  if (one === undefined || other === undefined) return undefined
  merge(state, one.resource, [other.resource])
  const merged: Step = { expect: standing(state) }
  const runs = [...state.sources.keys()].flatMap((source): readonly Step[] => {
    const step: Step = { run: { source, force: true } }
    play(state, step)
    return [step, { expect: expectationsAfter(state, step) }]
  })
  return { scenario: { ...before, steps }, pair: [one.name, other.name], after: [merged, ...runs] }
}

function ordersOf(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length < 2) return [names]
  return names.flatMap((name) =>
    ordersOf(names.filter((other) => other !== name)).map((others) => [name, ...others]),
  )
}

function refused(step: Step, { code, message }: { readonly code: string; readonly message: string }): Step {
  if ('revert' in step) return { revert: { ...step.revert, expect: 'refused', code } }
  if (!('user' in step)) return step
  return { user: { ...step.user, expect: 'refused', code, ...(code === 'locked' ? { message } : {}) } }
}

function stepOf(state: State, intent: Intent, n: number): Step | undefined {
  switch (intent.does) {
    case 'clock':
      return { clock: intent.seconds }
    case 'create':
      return creation(state, intent, n)
    case 'update': {
      const named = chosen(state, intent.resource, ['Server', 'Location', 'Organization'])
      if (named === undefined) return undefined
      const values = valuesOf(state, named.resource.type, intent.cells)
      if (Object.keys(values).length === 0) return undefined
      return { user: { role: intent.admin ? 'admin' : 'user', update: { resource: named.name, values } } }
    }
    case 'delete': {
      const named = chosen(state, intent.resource, ['Server', 'Location', 'Organization', 'Person'])
      return named && { user: { role: intent.admin ? 'admin' : 'user', delete: named.name } }
    }
    case 'vanish': {
      const named = chosen(state, intent.resource, ['Server'])
      return named?.name.includes('/') === true ? { behind: { delete: [named.name] } } : undefined
    }
    case 'revert':
      return takingBack(state, intent)
    case 'drop': {
      const names = [...state.sources.keys()]
      const name = names[intent.source % names.length]
      return names.length < 2 || name === undefined ? undefined : { source: { delete: name } }
    }
    default:
      return ofSource(state, intent)
  }
}

function takingBack(state: State, { run, skips }: Extract<Intent, { does: 'revert' }>): Step | undefined {
  const made = state.journal.flatMap((entry, index) => (entry === undefined ? [] : [index + 1]))
  const step = made.toReversed()[run]
  return step === undefined ? undefined : { revert: { step, ...(skips ? { skipConflicts: true } : {}) } }
}

function creation(state: State, intent: Extract<Intent, { does: 'create' }>, n: number): Step {
  const type = ['Location', 'Server', 'Organization'][intent.type % 3] ?? 'Location'
  const values = valuesOf(state, type, intent.cells)
  const isOpen = type === 'Server' && values['org'] === undefined && isName(state, 'Organization', 'Demo')
  const org = isOpen ? { org: 'Demo' } : {}
  return { user: { create: { type, as: `u${n + 1}`, values: { ...values, ...org } } } }
}

function ofSource(state: State, intent: Extract<Intent, { source: number }>): Step | undefined {
  const names = [...state.sources.keys()]
  const source = names[intent.source % names.length] ?? 's1'
  const columns = columnsOf(state, source)
  switch (intent.does) {
    case 'run':
      return { run: { source, ...howOf(intent.how) } }
    case 'load': {
      const { mode } = loadOf(intent.how)
      const rows = calledByKey(state, source, intent.rows)
      return { load: { source, csv: csvOf(columns, { rows, how: intent.how }), mode } }
    }
    case 'sync': {
      const rows = calledByKey(state, source, intent.rows)
      const csv = csvOf(columns, { rows, how: intent.how })
      return { sync: { source, csv, ...loadOf(intent.how), ...howOf(intent.how) } }
    }
    case 'stage': {
      const replicas = state.sources.get(source)?.replicas ?? []
      const known = { has: (key: string) => replicas.some((replica) => replica.key === filled(state, key)) }
      const rows = [
        ...new Map(
          calledByKey(state, source, intent.rows).map((one) => [one['key'] ?? '', stagedRow(columns, one)]),
        ).values(),
      ].filter(({ key }) => filled(state, key ?? '') !== '')
      if (rows.length === 0) return undefined
      const [update, insert] = [
        rows.filter(({ key }) => known.has(key ?? '')),
        rows.filter(({ key }) => !known.has(key ?? '')),
      ]
      if (intent.removes) {
        const gone = rows.flatMap(({ key }) => (known.has(key ?? '') ? [key ?? ''] : []))
        return gone.length === 0 ? undefined : { staging: { source, delete: gone } }
      }
      return {
        staging: {
          source,
          ...(insert.length > 0 ? { insert } : {}),
          ...(update.length > 0 ? { update } : {}),
        },
      }
    }
    default:
      return undefined
  }
}

/**
 * Organizations, which point to one another, keep their names: Sluice looks for what rows name as it was before the run, and for what is new.
 */
function calledByKey(state: State, source: string, rows: readonly Cells[]): readonly Cells[] {
  if (state.sources.get(source)?.definition.entityType !== 'Organization') return rows
  const names: Readonly<Record<string, string>> = { k1: 'a', k2: 'b', k3: 'A' }
  return rows.map((row) => ({ ...row, name: names[row['key'] ?? ''] ?? 'c' }))
}

function howOf({
  force,
  simulate,
  user,
}: {
  readonly force: boolean
  readonly simulate: boolean
  readonly user: boolean
}) {
  return {
    ...(force ? { force } : {}),
    ...(simulate ? { simulate } : {}),
    // Who may not run is told so before anything is simulated.
    ...(user && !simulate ? { by: { role: 'user' as const, user: 'olga' } } : {}),
  }
}

function loadOf({ goesOn }: { readonly goesOn: boolean }) {
  return { mode: goesOn ? ('continue' as const) : ('stop' as const) }
}

function columnsOf(state: State, source: string): readonly string[] {
  const { definition } = state.sources.get(source) ?? {}
  const properties = propertiesOf(state, definition?.entityType ?? '')
  return Object.keys(definition?.attributes ?? {}).flatMap((name) =>
    properties[name]?.type === 'file'
      ? ['data', 'filename', 'mimetype'].map((part) => `${name}_${part}`)
      : [name],
  )
}

function csvOf(
  columns: readonly string[],
  { rows, how }: { readonly rows: readonly Cells[]; readonly how: { readonly without: readonly string[] } },
): string {
  const shown = columns.filter((column) => !how.without.includes(column))
  const lines = rows.map((row) => {
    const staged = stagedRow(shown, row)
    return ['key', ...shown].map((column) => quoted(staged[column] ?? '<NULL>')).join(';')
  })
  return [['key', ...shown].join(';'), ...lines, ''].join('\n')
}

function quoted(text: string): string {
  return text.includes(';') ? `"${text}"` : text
}

/** Values that a person gives: of the cells those that mean something. */
function valuesOf(state: State, type: string, cells: Cells): Record<string, unknown> {
  const given = Object.entries(propertiesOf(state, type)).flatMap(
    ([name, property]): readonly (readonly [string, unknown])[] => {
      const value = meant(state, property, cells[name] ?? nothing)
      return value === undefined ? [] : [[name, value]]
    },
  )
  return Object.fromEntries(given.filter((_, index) => (text(cells) + index) % 3 === 0))
}

const nothing = '<NULL>'

/** `undefined`: a person cannot mean that. */
function meant(state: State, { type, to = '', values = [] }: ScenarioProperty, text: string): unknown {
  if (text === nothing || type === 'links' || type === 'file') return undefined
  if (text === '') return null
  switch (type) {
    case 'integer':
      return /^\d+$/.test(text) ? Number(text) : undefined
    case 'enum':
      return values.find((value) => value === text)
    case 'date':
      return /^\d{4}-/.exec(text)?.input
    case 'reference':
      return isName(state, to, text) ? text : undefined
    default:
      return text
  }
}

/** Exactly one is called so. */
function isName(state: State, type: string, text: string): boolean {
  return resourcesOf(state, type).filter((one) => displayOf(state, one) === text).length === 1
}

/** Which of the values are given: something that depends on the cells alone. */
function text(cells: Cells): number {
  return Object.values(cells).join('').length
}

function chosen(
  state: State,
  n: number,
  types: readonly string[],
): { readonly name: string; readonly resource: Resource } | undefined {
  const all = [...state.resources.values()].filter(({ type }) => types.includes(type))
  const resource = all[n % Math.max(all.length, 1)]
  if (resource === undefined) return undefined
  const name = nameOf(state, resource)
  return name === undefined ? undefined : { name, resource }
}
