/**
 * A resource with all that is known about it, as people read it.
 *
 * @module
 */
import type { ExplainedLinks, ExplainedValue, Explanation, HistoryEntry } from '@sluice/project'
import { describeValues } from './change-list.ts'
import { describeBy } from './describe-by.ts'
import { cut, displayValue, printable } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatInstant } from './quantities.ts'
import { formatTable } from './table.ts'

const historyShown = 20

export function formatExplanation(found: Explanation, colors: Colors, width: number): readonly string[] {
  const { replicas, deleted, alsoMatching } = found
  const name = found.display === null ? '' : ` ${printable(found.display)}`
  const rows = replicas.map(({ source, key }) => `${source} as "${printable(key)}"`).join(', ')
  return [
    `${colors.bold(`${found.entityType}${name}`)}  resource ${found.resourceId}`,
    ...(deleted === null
      ? []
      : [colors.red(`Deleted by run ${deleted.run}${at(deleted.at)}; only its history is left.`)]),
    ...(rows === '' ? [] : [`Known to ${rows}`]),
    ...formatValues(found.values, colors, width),
    ...formatLinks(found.links, colors, width),
    ...formatHistory(found.history, colors, width),
    ...(alsoMatching.length === 0
      ? []
      : ['', `The same words also mean the resources ${alsoMatching.join(', ')}.`]),
  ]
}

function at(instant: string | null): string {
  return instant === null ? '' : ` (${formatInstant(instant)})`
}

function formatValues(values: readonly ExplainedValue[], colors: Colors, width: number): readonly string[] {
  if (values.length === 0) return []
  const columns = ['property', 'value', 'from', 'since'].map((title) => ({ title }))
  const rows = values.map((one) => [
    one.property,
    one.orphan === null ? displayValue(one.value) : `(unknown: ${printable(one.orphan)})`,
    one.source ?? (one.by === null ? '' : describeBy(one.by)),
    `run ${one.run}${at(one.at)}`,
  ])
  return ['', ...formatTable(columns, rows, { width, title: colors.dim, indent: 2 })]
}

function formatLinks(links: readonly ExplainedLinks[], colors: Colors, width: number): readonly string[] {
  const filled = links.filter(({ count }) => count > 0)
  if (filled.length === 0) return []
  const lines = filled.map(({ association, end, count, first }) => {
    const others = first.map(({ display }) => printable(display)).join(', ')
    const more = count > first.length ? ', …' : ''
    return cut(
      `  ${association} ${end === 'from' ? '→' : '←'} ${formatCount(count)}: ${others}${more}`,
      width,
    )
  })
  return ['', colors.bold('Links:'), ...lines]
}

function formatHistory(history: readonly HistoryEntry[], colors: Colors, width: number): readonly string[] {
  if (history.length === 0) return []
  const lines = history
    .slice(0, historyShown)
    .map((entry) => cut(`  run ${entry.run}${at(entry.at)}${whoOf(entry)}: ${describeEntry(entry)}`, width))
  const more = history.length - historyShown
  return [
    '',
    colors.bold('History:'),
    ...lines,
    ...(more > 0 ? [`  … and ${formatCount(more)} older: --json`] : []),
  ]
}

/** The source, and who made its run happen. */
function whoOf({ source, by, comment, approvedBy }: HistoryEntry): string {
  const from = source === null ? '' : ` ${source}`
  const who = by === null ? '' : `, by ${describeBy(by)}`
  const remark = comment === null ? '' : ` (${printable(comment)})`
  return `${from}${who}${remark}${approvedBy === null ? '' : `, approved by ${printable(approvedBy)}`}`
}

function describeEntry(entry: HistoryEntry): string {
  if (entry.operation === 'insert') return 'inserted'
  return entry.operation === 'delete' ? 'deleted' : describeValues(entry)
}
