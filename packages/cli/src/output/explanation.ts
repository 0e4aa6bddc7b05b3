/**
 * A resource with all that is known about it, as people read it.
 *
 * @module
 */
import type {
  ExplainedClaim,
  ExplainedLinks,
  ExplainedReplica,
  ExplainedValue,
  Explanation,
  HistoryEntry,
} from '@sluice/project'
import { describeValues } from './change-list.ts'
import { describeBy } from './describe-by.ts'
import { cut, displayValue, printable } from './display-value.ts'
import { describeOrder } from './order.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatInstant } from './quantities.ts'
import { formatTable } from './table.ts'

const historyShown = 20

export function formatExplanation(found: Explanation, colors: Colors, width: number): readonly string[] {
  const { replicas, deleted, alsoMatching } = found
  const name = found.display === null ? '' : ` ${printable(found.display)}`
  const rows = replicas.map(describeReplica).join(', ')
  return [
    `${colors.bold(`${found.entityType}${name}`)}  resource ${found.resourceId}`,
    ...(deleted === null
      ? []
      : [colors.red(`Deleted by run ${deleted.run}${at(deleted.at)}; only its history is left.`)]),
    ...(rows === '' ? [] : [`Known to ${rows}`]),
    ...formatReplicas(replicas, width),
    ...formatValues(found.values, colors, width),
    ...formatLinks(found.links, colors, width),
    ...formatOrders(found, colors, width),
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
    whose(one),
    `run ${one.run}${at(one.at)}`,
  ])
  return [
    '',
    ...formatTable(columns, rows, { width, title: colors.dim, indent: 2 }),
    ...formatClaims(values, colors, width),
  ]
}

function describeReplica({ source, key, status, creator }: ExplainedReplica): string {
  const known = `${source} as "${printable(key)}"`
  if (status === undefined) return known
  return `${known} (${[status, ...(creator === true ? ['its creator'] : [])].join(', ')})`
}

function whose({ source, lockedBy, by }: ExplainedValue): string {
  const from = source ?? (by === null ? '' : describeBy(by))
  if (lockedBy === null) return from === '' ? '' : `${from}, open to all`
  return lockedBy === from || from === '' ? lockedBy : `${from}, locked by ${lockedBy}`
}

/** Where several say something of a property, or what one says does not stand. */
function formatClaims(values: readonly ExplainedValue[], colors: Colors, width: number): readonly string[] {
  const disputed = values.filter(
    ({ claims }) => claims.filter(({ standing }) => standing !== 'silent').length > 1,
  )
  if (disputed.length === 0) return []
  const lines = disputed.flatMap(({ property, claims }) =>
    claims.map(({ source, key, says, standing, policy, precedence }) => {
      const claimed = says === null ? 'nothing' : `"${printable(says)}"`
      const rank = precedence === 0 ? policy : `${policy}, precedence ${precedence}`
      return cut(
        `  ${property}: ${source} (${printable(key)}) says ${claimed}: ${standings[standing]} (${rank})`,
        width,
      )
    }),
  )
  return ['', colors.bold('Several say:'), ...lines]
}

const standings: Readonly<Record<ExplainedClaim['standing'], string>> = {
  wins: 'wins',
  waits: 'waits for its next run',
  agrees: 'agrees',
  shadowed: 'shadowed',
  fills: 'would fill it if it were empty',
  silent: 'leaves it alone',
}

/** Rows that could not be applied, and how each found the resource. */
function formatReplicas(replicas: readonly ExplainedReplica[], width: number): readonly string[] {
  return replicas.flatMap(({ source, key, error, warnings = [], matched }) => {
    const about = `  ${source} (${printable(key)})`
    const found =
      matched === null || matched === undefined
        ? []
        : [
            `${about} found it by rule ${matched.rule}: ${Object.entries(matched.values)
              .map(([name, value]) => `${name} = "${printable(value)}"`)
              .join(', ')}`,
          ]
    const wrong =
      error === null || error === undefined ? [] : [`${about} is not applied: ${printable(error.text)}`]
    const left = warnings.map(({ text }) => `${about}: ${printable(text)}`)
    return [...found, ...wrong, ...left].map((line) => cut(line, width))
  })
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

function formatOrders({ orders = [] }: Explanation, colors: Colors, width: number): readonly string[] {
  if (orders.length === 0) return []
  return ['', colors.bold('Orders:'), ...orders.map((order) => `  ${describeOrder(order, width - 2)}`)]
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
