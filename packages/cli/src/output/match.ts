/**
 * A row that several resources match, as people read it.
 *
 * @module
 */
import { type MatchRecord, printable, type ShownMatch } from '@sluice/model'
import { cut, displayValue, quoteValue } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatInstant } from './quantities.ts'
import { formatTable } from './table.ts'

/** `2 by rule 1: badge = "B-505"` */
export function describeDoubt({
  count,
  rule,
  matched,
}: Pick<MatchRecord, 'count' | 'rule' | 'matched'>): string {
  if (rule === null) return 'the resource it was linked to was deleted'
  const values = Object.entries(matched ?? {}).map(([name, value]) => `${name} = ${quoteValue(value)}`)
  return `${formatCount(count)} by rule ${rule}: ${values.join(', ')}`
}

/** `link 17, by olga`; empty where nothing is decided. */
export function describeDecision({ decision, resource, by, comment }: MatchRecord): string {
  if (decision === null) return ''
  const what = resource === null ? decision : `${decision} ${resource}`
  return `${what}, by ${printable(by ?? '')}${comment === null ? '' : ` (${printable(comment)})`}`
}

/** `doors, Person 505: decided (link 17, by olga)` */
export function describeMatch(record: MatchRecord, width: number): string {
  const { source, entityType, key, state } = record
  const decision = describeDecision(record)
  const more = decision === '' ? '' : ` (${decision})`
  return cut(`${source}, ${entityType} ${printable(key)}: ${state}${more}`, width)
}

export function formatMatch(found: ShownMatch, colors: Colors, width: number): readonly string[] {
  const { source, entityType, key, state, since, resources, properties } = found
  const decision = describeDecision(found)
  return [
    `${colors.bold(`${entityType} ${printable(key)}`)} of ${source}: ${state} since ${formatInstant(since)}`,
    `Found ${describeDoubt(found)}`,
    ...(decision === '' ? [] : [`Decided: ${decision}`]),
    ...(found.count > found.candidates.length && found.rule !== null
      ? [`The first ${formatCount(found.candidates.length)} of them:`]
      : []),
    ...(properties.length === 0
      ? ['The row no longer exists.']
      : sideBySide(resources, properties, colors, width)),
  ]
}

/** `*`: by these the resources were found. `=`: the resource has what the row says. */
function sideBySide(
  resources: ShownMatch['resources'],
  properties: ShownMatch['properties'],
  colors: Colors,
  width: number,
): readonly string[] {
  const titles = resources.map(({ resourceId, display }) =>
    display === null ? `#${resourceId}` : `#${resourceId} ${printable(display)}`,
  )
  const rows = properties.map(({ property, searched, says, values }) => [
    `${property}${searched ? ' *' : ''}`,
    displayValue(says),
    ...values.map((value) => `${says !== null && says === (value ?? '') ? '= ' : ''}${displayValue(value)}`),
  ])
  const columns = ['property', 'the row says', ...titles].map((title) => ({ title }))
  return ['', ...formatTable(columns, rows, { width, title: colors.dim, indent: 2 })]
}
