/**
 * What addresses of runs say: what is not understood is passed over.
 *
 * @module
 */
import type { RecordedRunState } from '@sluice/model'
import { namesOf } from '../shell/names-of.ts'

type Search = Readonly<Record<string, unknown>>

export const runStateNames = namesOf<RecordedRunState>({
  running: true,
  applied: true,
  held: true,
  rejected: true,
  cancelled: true,
  failed: true,
  interrupted: true,
})

export interface RunsSearch {
  readonly source?: string | undefined
  readonly state?: RecordedRunState | undefined
}

export function runsSearch({ source, state }: Search): RunsSearch {
  return { source: textIn(source), state: oneOf(runStateNames, state) }
}

export const runTabs = ['summary', 'changes', 'rejected', 'log'] as const
const changeOperations = ['insert', 'update', 'delete'] as const

export interface RunSearch {
  readonly tab?: (typeof runTabs)[number] | undefined
  readonly type?: string | undefined
  readonly operation?: (typeof changeOperations)[number] | undefined
  readonly property?: string | undefined
  readonly key?: string | undefined
  /** The change that is looked at. */
  readonly change?: string | undefined
}

export function runSearch({ tab, type, operation, property, key, change }: Search): RunSearch {
  return {
    tab: oneOf(runTabs, tab),
    type: textIn(type),
    operation: oneOf(changeOperations, operation),
    property: textIn(property),
    key: textIn(key),
    change: textIn(change),
  }
}

/** Numbers are written without quotes. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value)
}
