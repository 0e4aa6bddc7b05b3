/**
 * Plays a scenario in the model, one step after the other.
 *
 * @module
 */
import type { Scenario, ScenarioModel, Step } from '../scenario.ts'
import { type Entry, isCounted, standingNow } from './journal.ts'
import { load, stage } from './load-rows.ts'
import { act, named, place, type Refusal } from './people.ts'
import { revert } from './revert.ts'
import { run } from './run-source.ts'
import { filled, type Source, type State, sourceOf } from './state.ts'

export function begin(model: ScenarioModel, scenario: Scenario): State {
  const state: State = {
    types: { ...model.entityTypes, ...scenario.model?.entityTypes },
    sources: new Map(
      Object.entries(scenario.sources ?? {}).map(([name, definition]): [string, Source] => [
        name,
        { name, definition, replicas: [], loaded: undefined },
      ]),
    ),
    resources: new Map(),
    aliases: new Map(),
    obsoleteReplicasLock: scenario.settings?.obsoleteReplicasLock ?? true,
    now: 0,
    moment: 0,
    nextId: 1,
    load: undefined,
    run: undefined,
    report: undefined,
    journal: [],
  }
  for (const resource of [...model.resources, ...(scenario.given ?? [])]) place(state, resource)
  return state
}

/** What a person was refused. A step that compares or defines does nothing. */
export function play(state: State, step: Step): Refusal | undefined {
  if (!isCounted(step)) return carryOut(state, step)
  const [before, began] = [standingNow(state), state.moment]
  const refusal = carryOut(state, step)
  const isMade = refusal === undefined && !isOnlyTried(step) && (!ranSource(step) || isCompleted(state))
  state.journal.push(
    isMade
      ? {
          source: sourceIn(step),
          before,
          after: standingNow(state),
          began,
          ended: state.moment,
          returned: returnedBy(before, state, step),
        }
      : undefined,
  )
  return refusal
}

function ranSource(step: Step): boolean {
  return 'run' in step || 'sync' in step
}

function isCompleted({ run: ran }: State): boolean {
  return ran?.status === 'completed'
}

function isOnlyTried(step: Step): boolean {
  return ('run' in step && step.run.simulate === true) || ('sync' in step && step.sync.simulate === true)
}

function sourceIn(step: Step): string | undefined {
  if ('run' in step) return step.run.source
  return 'sync' in step ? step.sync.source : undefined
}

/** Replicas that are there again. */
function returnedBy({ replicas }: Entry['before'], state: State, step: Step): Entry['returned'] {
  if (!('revert' in step)) return new Map()
  return new Map(
    [...state.sources.values()].map(({ name, replicas: now }) => {
      const known = new Set(replicas.get(name)?.map(({ key }) => key))
      return [name, new Set(now.map(({ key }) => key).filter((key) => !known.has(key)))]
    }),
  )
}

function carryOut(state: State, step: Step): Refusal | undefined {
  if ('revert' in step) return revert(state, step.revert)
  if ('user' in step) return act(state, step.user)
  if ('clock' in step) state.now += step.clock
  else if ('load' in step) load(state, step.load)
  else if ('run' in step) tried(state, step.run.simulate, (of) => run(of, step.run, false))
  else if ('sync' in step) {
    tried(state, step.sync.simulate, (of) => {
      if (load(of, step.sync)) run(of, step.sync, true)
      else Object.assign(of, { run: { status: 'not_started', code: null }, report: undefined })
    })
  } else if ('concurrent' in step) for (const source of step.concurrent.runs) run(state, { source }, false)
  else if ('staging' in step) stageDirectly(state, step.staging)
  else if ('behind' in step)
    for (const name of step.behind.delete) state.resources.delete(named(state, name).id)
  else if ('source' in step) changeSource(state, step.source)
  return undefined
}

/** Of what is only simulated the outcome stays. */
function tried(state: State, simulate: boolean | undefined, work: (state: State) => void): void {
  const copy = simulate === true ? structuredClone(state) : state
  work(copy)
  const { load: outcome, run: ran, report } = copy
  Object.assign(state, { load: outcome, run: ran, report })
}

function stageDirectly(state: State, step: Extract<Step, { staging: unknown }>['staging']): void {
  const source = sourceOf(state, step.source)
  const text = (value: string | null) => (value === null ? null : filled(state, value))
  for (const { key = '', ...row } of [...(step.insert ?? []), ...(step.update ?? [])]) {
    stage(
      state,
      source,
      filled(state, key ?? ''),
      new Map(Object.entries(row).map(([name, value]) => [name, text(value)])),
    )
  }
  const gone = new Set((step.delete ?? []).map((key) => filled(state, key)))
  source.replicas = source.replicas.filter(({ key }) => !gone.has(key))
}

function changeSource(state: State, step: Extract<Step, { source: unknown }>['source']): void {
  if ('delete' in step) state.sources.delete(step.delete)
  else {
    const source = sourceOf(state, step.name)
    const {
      attributes = source.definition.attributes,
      entityType = source.definition.entityType,
      ...set
    } = step.set
    source.definition = { ...source.definition, ...set, attributes, entityType }
  }
}
