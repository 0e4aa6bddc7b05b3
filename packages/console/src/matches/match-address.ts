/**
 * What of the queue is looked at, as it stands in the address.
 *
 * @module
 */
import type { MatchState } from '@sluice/model'
import { namesOf } from '../shell/names-of.ts'

export const shownStates = namesOf<MatchState>({
  waiting: true,
  decided: true,
  applied: true,
  settled: true,
})

export interface MatchView {
  readonly tab: 'queue' | 'test'
  readonly state: MatchState
  /** `undefined`: of all. */
  readonly source: string | undefined
  /** Of `matchKey`; `undefined`: the first. */
  readonly row: string | undefined
}

export interface MatchAddress {
  readonly tab?: 'test'
  readonly state?: MatchState
  readonly source?: string
  readonly row?: string
}

export function readMatchView(address: Readonly<Record<string, unknown>>): MatchView {
  const { tab, state, source, row } = address
  return {
    tab: tab === 'test' ? 'test' : 'queue',
    state: shownStates.find((one) => one === state) ?? 'waiting',
    source: typeof source === 'string' ? source : undefined,
    row: typeof row === 'string' ? row : undefined,
  }
}

/** Nothing of what is as usual. */
export function writeMatchView({ tab, state, source, row }: MatchView): MatchAddress {
  return {
    ...(tab === 'test' ? { tab } : {}),
    ...(state === 'waiting' ? {} : { state }),
    ...(source === undefined ? {} : { source }),
    ...(row === undefined ? {} : { row }),
  }
}

interface Row {
  readonly source: string
  readonly entityType: string
  readonly key: string
}

/** Which row it is: names of sources and types have no slash, keys may. */
export function matchKey({ source, entityType, key }: Row): string {
  return `${source}/${entityType}/${key}`
}
