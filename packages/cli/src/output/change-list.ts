/**
 * Changes as people read them: who, what, old → new.
 *
 * @module
 */
import { type Change, printable } from '@sluice/model'
import { cut, displayValue, quoteValue } from './display-value.ts'
import type { Colors } from './outlet.ts'

const marks = { insert: '+', update: '~', delete: '-' } as const

/** `~ Package "zlib"  version "1.2" → "1.3"`, with `(drift)` where it is; cut to the width of the window. */
export function describeChange(change: Change, colors: Colors, width: number): string {
  const subject =
    change.kind === 'entity'
      ? `${change.entityType} ${printable(change.key ?? `#${change.resourceId}`)}`
      : `${change.association} ${printable(change.from)} → ${printable(change.to)}`
  const values = describeValues(change)
  const drift = change.drift ? ' (drift)' : ''
  const text = cut(`${marks[change.operation]} ${subject}${drift}${values && `  ${values}`}`, width)
  return paint(change.operation, colors)(text)
}

function paint(operation: Change['operation'], colors: Colors): (text: string) => string {
  if (operation === 'insert') return colors.green
  return operation === 'delete' ? colors.red : colors.yellow
}

/** Updates as old → new, insertions and deletions as the values that are there. */
export function describeValues({
  operation,
  before,
  after,
}: Pick<Change, 'operation' | 'before' | 'after'>): string {
  if (operation === 'update') {
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
    return [...names]
      .map((name) => `${name} ${quoteValue(before?.[name])} → ${quoteValue(after?.[name])}`)
      .join(', ')
  }
  return Object.entries((operation === 'insert' ? after : before) ?? {})
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}=${cut(displayValue(value), 40)}`)
    .join(' ')
}
