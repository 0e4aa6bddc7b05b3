/**
 * Old and new values of a change, side by side, and what of them differs.
 *
 * @module
 */
import type { Change } from '@sluice/model'
import type { ReadersLabels } from '../model/labels.ts'

export interface ValuePair {
  readonly property: string
  /** Of the property; values of enums have theirs, too. */
  readonly label: string
  /** `undefined`: there is none. */
  readonly before: string | undefined
  readonly after: string | undefined
}

/** In the order of what the properties are called. */
export function pairsOf(change: Change, labels: ReadersLabels): readonly ValuePair[] {
  const { before, after } = change
  const type = typeOf(change)
  const shown = (property: string, value: unknown) => {
    const text = textOf(value)
    return text === undefined ? undefined : labels.value(type, property, text)
  }
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .map((property) => ({
      property,
      label: labels.property(type, property),
      before: shown(property, before?.[property]),
      after: shown(property, after?.[property]),
    }))
    .filter((pair) => pair.before !== undefined || pair.after !== undefined)
    .toSorted((a, b) => (a.label < b.label ? -1 : 1))
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export interface Difference {
  readonly start: string
  readonly before: string
  readonly after: string
  readonly end: string
}

/** What two texts share at their beginning and end, and what is between; by characters as people see them. */
export function differenceOf(before: string, after: string): Difference {
  const [old, now] = [[...before], [...after]]
  const most = Math.min(old.length, now.length)
  let start = 0
  while (start < most && old[start] === now[start]) start += 1
  let end = 0
  while (end < most - start && old.at(-1 - end) === now.at(-1 - end)) end += 1
  return {
    start: old.slice(0, start).join(''),
    before: old.slice(start, old.length - end).join(''),
    after: now.slice(start, now.length - end).join(''),
    end: old.slice(old.length - end).join(''),
  }
}

/** What people call what changes. */
export function nameOf(change: Change): string {
  return change.kind === 'entity' ? (change.key ?? change.resourceId) : `${change.from} → ${change.to}`
}

export function typeOf(change: Change): string {
  return change.kind === 'entity' ? change.entityType : change.association
}

/** In a list: no other change of the run has it. */
export function identityOf(change: Change): string {
  const id = change.kind === 'entity' ? change.resourceId : `${change.from} ${change.to}`
  return `${typeOf(change)} ${change.operation} ${id}`
}

/** In one line: `department: Sales → Legal · phone: 1 → 2`. */
export function lineOf(change: Change, labels: ReadersLabels): string {
  return pairsOf(change, labels)
    .map(({ label, before, after }) => {
      if (change.operation === 'insert') return `${label}: ${after}`
      if (change.operation === 'delete') return `${label}: ${before}`
      return `${label}: ${before ?? '∅'} → ${after ?? '∅'}`
    })
    .join(' · ')
}
