/**
 * A resource with all that is known about it, as people read it.
 *
 * @module
 */
import { describeSuspension, printable, visibleText } from '@sluice/model'
import type {
  ExplainedClaim,
  ExplainedOrphanLink,
  ExplainedReplica,
  ExplainedValue,
  Explanation,
  HistoryEntry,
  MergedResource,
} from '@sluice/project'
import { describeValues } from './change-list.ts'
import { describeBy } from './describe-by.ts'
import { cut, displayValue } from './display-value.ts'
import { formatMade } from './made-by-roots.ts'
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
    ...(deleted === null ? [] : [colors.red(describeDeletion(deleted))]),
    ...(rows === '' ? [] : [`Known to ${rows}`]),
    ...(found.suspended ?? []).map(({ source, ...suspension }) =>
      colors.yellow(`${source} is suspended ${printable(describeSuspension(suspension))}`),
    ),
    ...(found.merged ?? []).map(describeMerged),
    ...formatReplicas(replicas, width),
    ...formatValues(found, colors, width),
    ...formatMade(replicas, colors, width),
    ...formatLinks(found, colors, width),
    ...formatOrders(found, colors, width),
    ...formatHistory(found, colors, width),
    ...(alsoMatching.length === 0
      ? []
      : ['', `The same name also fits the resources ${alsoMatching.join(', ')}.`]),
  ]
}

function describeDeletion({ run, at: when, into }: NonNullable<Explanation['deleted']>): string {
  if (into !== undefined)
    return `Merged into resource ${into} by run ${run}${at(when)}: use sluice explain with that resource.`
  return `Deleted by run ${run}${at(when)}; only its history is left.`
}

function describeMerged({ resourceId, display, run, at: when }: MergedResource): string {
  const name = display === null ? '' : ` (${printable(display)})`
  return `Resource ${resourceId}${name} was merged into it by run ${run}${at(when)}`
}

function at(instant: string | null): string {
  return instant === null ? '' : ` (${formatInstant(instant)})`
}

function formatValues({ values, replicas }: Explanation, colors: Colors, width: number): readonly string[] {
  if (values.length === 0) return []
  const isShared = replicas.some(({ status }) => status !== undefined)
  const columns = ['property', 'value', 'from', 'since'].map((title) => ({ title }))
  const rows = values.map((one) => [
    one.property,
    one.orphan === null ? displayValue(one.value) : describeOrphan(one.orphan, one),
    [whose(one), ...(isShared && isOpen(one) ? ['open to all'] : [])]
      .filter((part) => part !== '')
      .join(', '),
    sinceWhen(one),
  ])
  return [
    '',
    ...formatTable(columns, rows, { width, title: colors.dim, indent: 2 }),
    ...formatClaims(values, colors, width),
  ]
}

function sinceWhen({ history, run, at: when, pruned }: ExplainedValue): string {
  if (history === 'none') return 'no history is kept'
  if (pruned === true) return 'before the history that is kept'
  const since = `run ${run}${at(when)}`
  return history === undefined ? since : `${since}, or later`
}

/** `(ambiguous: Ole Bar is what the resources 1, 2 are called)` */
function describeOrphan(
  orphan: string,
  { candidates = [], padded = [] }: Pick<ExplainedValue, 'candidates' | 'padded'>,
): string {
  if (candidates.length > 0)
    return `(ambiguous: ${visibleText(orphan)} is what the resources ${candidates.join(', ')} are called)`
  if (padded.length === 0) return `(unknown: ${visibleText(orphan)})`
  const alike = padded.length === 1 ? `resource ${padded[0]} is` : `the resources ${padded.join(', ')} are`
  return `(unknown: "${visibleText(orphan)}"; ${alike} called the same except for blanks)`
}

function describeReplica({ source, key, status, creator }: ExplainedReplica): string {
  const known = `${source} as "${printable(key)}"`
  if (status === undefined) return known
  return `${known} (${[status, ...(creator === true ? ['its creator'] : [])].join(', ')})`
}

/** Whoever gave it the value: a person's change of what a source says stands until that says another thing. */
function whose(value: ExplainedValue): string {
  const { source, lockedBy, by } = value
  const from = by !== null && (source === null || isEdited(value)) ? describeBy(by) : (source ?? '')
  if (lockedBy === null || lockedBy === from) return from
  return from === '' ? lockedBy : `${from}, locked by ${lockedBy}`
}

/** A person's value stands where the source that wins says another, and locks nothing. */
function isEdited({ value, lockedBy, by, claims }: ExplainedValue): boolean {
  const says = claims.find(({ standing }) => standing === 'wins')?.says
  return by !== null && lockedBy === null && says !== String(value ?? '')
}

/** Anybody may change it; where there is nothing, and nobody says anything, that goes without saying. */
function isOpen({ value, orphan, lockedBy, claims }: ExplainedValue): boolean {
  return lockedBy === null && (value !== null || orphan !== null || claims.length > 0)
}

/** Where several say something of a property, or what one says does not stand. */
function formatClaims(values: readonly ExplainedValue[], colors: Colors, width: number): readonly string[] {
  const disputed = values.filter(
    (value) =>
      value.claims.filter(({ standing }) => standing !== 'silent').length > (isEdited(value) ? 0 : 1),
  )
  if (disputed.length === 0) return []
  const lines = disputed.flatMap((value) =>
    value.claims.map((claim) => cut(`  ${value.property}: ${describeClaim(claim, isEdited(value))}`, width)),
  )
  return ['', colors.bold('Several sources have a value:'), ...lines]
}

/** `hr (1001) says "Ada": wins (master_locked, precedence 20)` */
function describeClaim(
  { source, key, says, standing, policy, precedence }: ExplainedClaim,
  edited: boolean,
): string {
  const claimed = says === null ? 'nothing' : says === '' ? 'that it is empty' : `"${printable(says)}"`
  const outcome = edited && standing === 'wins' ? 'changed here by a person since' : standings[standing]
  const rank = precedence === 0 ? policy : `${policy}, precedence ${precedence}`
  return `${source} (${printable(key)}) says ${claimed}: ${outcome} (${rank})`
}

const standings: Readonly<Record<ExplainedClaim['standing'], string>> = {
  wins: 'wins',
  waits: 'takes effect with its next run',
  agrees: 'agrees',
  shadowed: 'shadowed',
  fills: 'would fill it if it were empty',
  silent: 'does not set it',
}

const decisions = { link: 'is of it', create: 'has created it', ignore: 'is ignored' } as const

/** Rows that could not be applied, and how each found the resource. */
function formatReplicas(replicas: readonly ExplainedReplica[], width: number): readonly string[] {
  return replicas.flatMap(({ source, key, error, warnings = [], matched, decided }) => {
    const about = `  ${source} (${printable(key)})`
    const found =
      matched === null || matched === undefined
        ? []
        : [
            `${about} found it by rule ${matched.rule}: ${Object.entries(matched.values)
              .map(([name, value]) => describeMatch(name, value, matched.normalized?.[name]))
              .join(', ')}`,
          ]
    const chosen =
      decided === undefined
        ? []
        : [
            `${about} ${decisions[decided.decision]} by decision of ${printable(decided.by)}${at(decided.at)}${decided.comment === null ? '' : `: ${printable(decided.comment)}`}`,
          ]
    const wrong =
      error === null || error === undefined ? [] : [`${about} is not applied: ${printable(error.text)}`]
    const left = warnings.map(({ text }) => `${about}: ${printable(text)}`)
    return [...found, ...chosen, ...wrong, ...left].map((line) => cut(line, width))
  })
}

/** `serial = "AB1234" (serial, worthless)`: as its normalizers have made it. */
function describeMatch(name: string, value: string, normalized: readonly string[] = []): string {
  return `${name} = "${printable(value)}"${normalized.length === 0 ? '' : ` (${normalized.join(', ')})`}`
}

function formatLinks(
  { links, orphanLinks = [] }: Explanation,
  colors: Colors,
  width: number,
): readonly string[] {
  const filled = links.filter(({ count }) => count > 0)
  if (filled.length === 0 && orphanLinks.length === 0) return []
  const lines = filled.map(({ association, end, count, first }) => {
    const others = first.map(({ display }) => printable(display)).join(', ')
    const more = count > first.length ? `, and ${formatCount(count - first.length)} more` : ''
    return cut(
      `  ${association} ${end === 'from' ? '→' : '←'} ${formatCount(count)}: ${others}${more}`,
      width,
    )
  })
  const waiting = orphanLinks.map((one) => cut(`  ${describeOrphanLink(one)}`, width))
  const isShortened = filled.some(({ count, first }) => count > first.length)
  return [
    '',
    colors.bold('Links:'),
    ...lines,
    ...waiting,
    ...(isShortened ? ['  All of them: sluice neighbours, with the same type and key.'] : []),
  ]
}

/** `Membership → (ambiguous: Ole Bar is what the resources 1, 2 are called), hr` */
function describeOrphanLink({ association, end, source, name, candidates }: ExplainedOrphanLink): string {
  return `${association} ${end === 'from' ? '→' : '←'} ${describeOrphan(name, { candidates })}, ${source}`
}

function formatOrders({ orders = [] }: Explanation, colors: Colors, width: number): readonly string[] {
  if (orders.length === 0) return []
  return ['', colors.bold('Orders:'), ...orders.map((order) => `  ${describeOrder(order, width - 2)}`)]
}

function formatHistory(
  { history, resourceId, prunedThrough }: Explanation,
  colors: Colors,
  width: number,
): readonly string[] {
  if (history.length === 0) return []
  const lines = history.slice(0, historyShown).map((entry) => {
    const other = entry.resourceId === resourceId ? '' : `, of ${entry.resourceId}`
    return cut(`  run ${entry.run}${at(entry.at)}${whoOf(entry)}${other}: ${describeEntry(entry)}`, width)
  })
  const more = history.length - historyShown
  return [
    '',
    colors.bold('History:'),
    ...lines,
    ...(more > 0 ? [`  … and ${formatCount(more)} older: --json`] : []),
    ...(prunedThrough === undefined
      ? []
      : [`  What the runs up to ${prunedThrough} changed is no longer kept.`]),
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
