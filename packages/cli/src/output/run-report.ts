/**
 * A run's report as people read it: what happened, the accounting of every row, the time it took.
 *
 * The columns of a line add up: read is the sum of what stands right of it, but for "deleted",
 * which counts resources and links that no row speaks of any more.
 *
 * @module
 */
import {
  type AssociationReport,
  type Drift,
  type EntityReport,
  type HoldReason,
  printable,
  type ReplicaCounts,
  type RunReport,
  type RunState,
} from '@sluice/model'
import type { Waited } from '../stopwatch.ts'
import { describeBy } from './describe-by.ts'
import { describeExceeded } from './exceeded.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatDuration, formatInstant, formatNumberOf } from './quantities.ts'
import { formatReverted } from './reverted.ts'
import { formatTable } from './table.ts'

type MappingReport = EntityReport | AssociationReport

/** Lines of the whole report, without rejected rows and changes. `waited`: what the person has waited for it, who did not only look it up. */
export function formatRunReport(
  report: RunReport,
  colors: Colors,
  width: number,
  waited?: Waited,
): readonly string[] {
  return [
    headline(report, colors),
    '',
    ...formatAccounting(report, colors, width),
    ...formatDrift(report),
    ...formatOrders(report),
    ...formatReverted(report),
    ...formatExceeded(report, colors),
    ...formatDecision(report),
    ...formatNotes(report, colors),
    ...formatBy(report),
    ...formatTimings(report, colors, waited),
  ]
}

/** `Run 3 of hr (complete): applied` */
function headline(report: RunReport, colors: Colors): string {
  const about = report.source === null ? '' : ` of ${report.source}`
  const name = report.run === null ? `Plan${about.replace('of', 'for')}` : `Run ${report.run}${about}`
  return `${colors.bold(name)} (${report.mode ?? report.cause}): ${describeState(report, colors)}`
}

/** Who made it happen; a plan is whoever asks for it. */
function formatBy({ run, by, comment }: RunReport): readonly string[] {
  const remark = comment === undefined || comment === null ? [] : [`Comment: ${printable(comment)}`]
  return run === null ? remark : [...remark, `Started by ${describeBy(by)}.`]
}

const words: Readonly<Record<RunState, string>> = {
  running: 'running',
  applied: 'applied',
  held: 'held by a threshold, nothing was applied',
  rejected: 'rejected, nothing was applied',
  cancelled: 'cancelled, nothing was applied',
  failed: 'failed, nothing was applied',
  interrupted: 'interrupted, nothing was applied',
  planned: 'nothing was written',
}

const heldFor: Readonly<Record<HoldReason, string>> = {
  asked: 'held for a decision, nothing was applied',
  moved: 'held, because its changes differ from the plan; nothing was applied',
}

function describeState(report: RunReport, colors: Colors): string {
  if (report.state === 'applied') {
    const changed = changesOf(report) > 0
    return colors.green(changed ? 'applied' : 'applied, nothing had changed')
  }
  if (report.state === 'planned') {
    if (report.exceeded.length > 0) return colors.yellow('would be held by a threshold; nothing was written')
    return colors.green(changesOf(report) > 0 ? words.planned : 'nothing would change; nothing was written')
  }
  if (report.state === 'held' && report.heldBecause !== undefined)
    return colors.yellow(heldFor[report.heldBecause])
  const paint = report.state === 'held' || report.state === 'running' ? colors.yellow : colors.red
  return paint(words[report.state])
}

/** A report, or the drift in it. */
type Changed = Readonly<Record<'entities' | 'associations', readonly Pick<EntityReport, 'changes'>[]>>

/** Changes of all entity types and associations together. */
export function changesOf({ entities, associations }: Changed): number {
  return [...entities, ...associations].reduce(
    (sum, { changes }) => sum + changes.inserted + changes.updated + changes.deleted,
    0,
  )
}

interface Figure {
  readonly title: string
  readonly of: (report: MappingReport) => number | null
  /** Shown even when every line has none. */
  readonly always: boolean
}

/** What people change is all theirs; of a source that delivers no rows, nothing is. */
function madeByRows(report: MappingReport, kind: 'inserted' | 'updated'): number | null {
  const { rows, source, changes } = report
  const replicas = replicasOf(report)
  if (replicas !== undefined) return madeByReplicas(replicas, kind)
  return source === null ? changes[kind] : (rows?.[kind] ?? null)
}

/** What rows bring need not change the resource: another source's value may stand. */
function madeByReplicas(replicas: ReplicaCounts, kind: 'inserted' | 'updated'): number {
  return kind === 'inserted' ? replicas.created : replicas.matchedUpdated + replicas.updated
}

function withErrors(report: MappingReport): number | null {
  const replicas = replicasOf(report)
  if (replicas === undefined) return null
  return replicas.creationErrors + replicas.reconciliationErrors + replicas.updateErrors
}

function unchangedRows(report: MappingReport): number | null {
  const { rows } = report
  const replicas = replicasOf(report)
  if (rows === null || replicas === undefined) return rows?.unchanged ?? null
  const made = madeByReplicas(replicas, 'inserted') + madeByReplicas(replicas, 'updated')
  // Rows with an error are tried again without being delivered, and so are those of which somebody decides.
  const waiting = (withErrors(report) ?? 0) + (replicas.doubtful ?? 0) + (replicas.ignored ?? 0)
  return Math.max(0, rows.inserted + rows.updated + rows.unchanged - made - waiting)
}

const figures: readonly Figure[] = [
  { title: 'read', of: ({ rows }) => rows?.read ?? null, always: true },
  { title: 'inserted', of: (mapping) => madeByRows(mapping, 'inserted'), always: true },
  { title: 'updated', of: (mapping) => madeByRows(mapping, 'updated'), always: true },
  { title: 'unchanged', of: unchangedRows, always: true },
  { title: 'with an error', of: withErrors, always: false },
  { title: 'doubtful', of: (report) => replicasOf(report)?.doubtful ?? null, always: false },
  { title: 'ignored', of: (report) => replicasOf(report)?.ignored ?? null, always: false },
  { title: 'rejected', of: ({ rows }) => rows?.rejected ?? null, always: true },
  { title: 'filtered', of: ({ rows }) => rows?.filtered ?? null, always: false },
  { title: 'duplicate', of: ({ rows }) => rows?.duplicate ?? null, always: false },
  { title: 'null key', of: ({ rows }) => rows?.nullKey ?? null, always: false },
  { title: 'no link', of: ({ rows }) => (rows && 'noLink' in rows ? rows.noLink : null), always: false },
  { title: 'orphan', of: ({ rows }) => (rows && 'orphan' in rows ? rows.orphan : null), always: false },
  // Rows that ask for it; one may find nothing to delete, and links go with their resources.
  { title: 'to delete', of: ({ rows }) => rows?.deleted ?? null, always: false },
  { title: 'deleted', of: ({ changes }) => changes.deleted, always: true },
]

function replicasOf(report: MappingReport): ReplicaCounts | undefined {
  return 'replicas' in report ? report.replicas : undefined
}

/** The table of row accounting, and what does not fit in its columns below it. */
function formatAccounting(report: RunReport, colors: Colors, width: number): readonly string[] {
  const mappings: readonly MappingReport[] = [...report.entities, ...report.associations]
  if (mappings.length === 0) return []
  const shown = figures.filter(
    ({ always, of }) => always || mappings.some((mapping) => (of(mapping) ?? 0) > 0),
  )
  const table = formatTable(
    [{ title: '' }, ...shown.map(({ title }) => ({ title, align: 'right' as const }))],
    mappings.map((mapping) => [
      nameOf(mapping, report),
      ...shown.map(({ of }) => {
        const figure = of(mapping)
        return figure === null ? '–' : formatCount(figure)
      }),
    ]),
    { width, indent: 2, title: colors.dim },
  )
  return [...table, ...mappings.flatMap((mapping) => remarks(mapping, report)), '']
}

function nameOf(mapping: MappingReport, report: RunReport): string {
  return mapping.source === report.source
    ? mapping.mapping
    : `${mapping.mapping} (${mapping.source ?? 'people'})`
}

/** What the run did beyond the rows it read, and what it left undone on purpose. */
function remarks(mapping: MappingReport, report: RunReport): readonly string[] {
  const { changes, withheld, stillRejected } = mapping
  const would = report.state === 'applied' ? '' : 'would be '
  const replicas = replicasOf(mapping)
  const inserted = changes.inserted - (madeByRows(mapping, 'inserted') ?? 0)
  const updated = changes.updated - (madeByRows(mapping, 'updated') ?? 0)
  const lines: string[] = replicas === undefined ? [] : [describeReplicas(replicas)]
  if (inserted > 0)
    lines.push(
      `${formatCount(inserted)} more ${would}inserted, because the resources they refer to now exist`,
    )
  if (updated > 0)
    lines.push(`${formatCount(updated)} more ${would}updated because ${causeElsewhere(replicas)}`)
  if (withheld > 0) {
    lines.push(`${formatCount(withheld)} not deleted, because a row with the same key could not be read`)
  }
  if (stillRejected > 0) {
    const row = stillRejected === 1 ? 'row is' : 'rows are'
    lines.push(`${formatCount(stillRejected)} rejected ${row} the same as in an earlier run`)
  }
  if ('orphanReferences' in mapping && mapping.orphanReferences > 0) {
    const references = formatNumberOf(mapping.orphanReferences, 'reference')
    lines.push(`${references} to an unknown resource or to several; kept until exactly one exists`)
  }
  if (mapping.rows !== null && 'orphan' in mapping.rows && mapping.rows.orphan > 0) {
    const links = formatNumberOf(mapping.rows.orphan, 'link')
    lines.push(`${links} with an unknown or ambiguous end; kept until exactly one exists`)
  }
  return lines.map((line) => `  ${nameOf(mapping, report)}: ${line}`)
}

/** Why resources change whose rows did not. */
function causeElsewhere(replicas: ReplicaCounts | undefined): string {
  const lost = replicas !== undefined && replicas.disappeared + replicas.noAction > 0
  return `${lost ? 'one of their rows disappeared, or ' : ''}a resource they refer to changed`
}

const wordsOfReplicas: readonly (readonly [keyof ReplicaCounts, string])[] = [
  ['created', 'created'],
  ['creationErrors', 'could not be created'],
  ['matchedUpdated', 'found their resource and changed it'],
  ['matchedUnchanged', 'found their resource'],
  ['reconciliationErrors', 'could not be reconciled'],
  ['updated', 'updated'],
  ['unchanged', 'unchanged'],
  ['updateErrors', 'could not be updated'],
  ['disappeared', 'disappeared'],
  ['obsoleted', 'marked obsolete'],
  ['obsolescenceErrors', 'could not be marked'],
  ['deleted', 'deleted'],
  ['deletionErrors', 'could not be deleted'],
  ['noAction', 'whose resource stays'],
  ['doubtful', 'waiting for a decision'],
  ['ignored', 'ignored'],
  ['warnings', 'with a warning'],
]

/** `3 replicas: 2 created, 1 unchanged` */
function describeReplicas(replicas: ReplicaCounts): string {
  const parts = wordsOfReplicas.flatMap(([name, word]) => {
    const count = replicas[name] ?? 0
    return count > 0 ? [`${formatCount(count)} ${word}`] : []
  })
  const all = formatNumberOf(replicas.total, 'replica')
  return parts.length === 0 ? all : `${all}: ${parts.join(', ')}`
}

/** `Applying to hr: Person +5 ~40 -7, Membership +6`, while it is being applied. */
export function formatPassed(report: RunReport, colors: Colors): readonly string[] {
  const mappings: readonly MappingReport[] = [...report.entities, ...report.associations]
  const parts = mappings.flatMap((mapping) => {
    const { inserted, updated, deleted } = mapping.changes
    const counts = [
      inserted > 0 ? colors.green(`+${formatCount(inserted)}`) : '',
      updated > 0 ? colors.yellow(`~${formatCount(updated)}`) : '',
      deleted > 0 ? colors.red(`-${formatCount(deleted)}`) : '',
    ].filter((count) => count !== '')
    return counts.length === 0 ? [] : [`${nameOf(mapping, report)} ${counts.join(' ')}`]
  })
  if (parts.length === 0) return [`${report.source}: nothing to apply`]
  const guarded =
    report.exceeded.length > 0 ? 'over its thresholds, applied by force' : 'within its thresholds'
  return [`${report.source}: ${parts.join(', ')}; ${guarded}`]
}

/** `Drift: 3 resources differed from what was delivered before (2 updated, 1 deleted); …` */
function formatDrift(report: RunReport): readonly string[] {
  const { drift } = report
  if (drift === null) return []
  const applied = report.state === 'applied'
  const lines = [
    driftOf(drift.entities, 'resource', applied),
    driftOf(drift.associations, 'link', applied),
  ].filter((line) => line !== undefined)
  return lines.length === 0 ? [] : [...lines, '']
}

function driftOf(mappings: Drift['entities'], noun: string, applied: boolean): string | undefined {
  const sum = (operation: 'inserted' | 'updated' | 'deleted') =>
    mappings.reduce((total, { changes }) => total + changes[operation], 0)
  const operations = (['inserted', 'updated', 'deleted'] as const).filter((operation) => sum(operation) > 0)
  if (operations.length === 0) return undefined
  const total = operations.reduce((count, operation) => count + sum(operation), 0)
  const parts = operations.map((operation) => `${formatCount(sum(operation))} ${operation}`)
  const repaired = total === 1 ? 'it now matches the source again' : 'they now match the source again'
  const end = applied ? repaired : 'this run would repair that'
  return `Drift: ${formatNumberOf(total, noun)} differed from the last delivery (${parts.join(', ')}); ${end}.`
}

/** `Orders: 3 executed, 1 pending, 1 contradicted: sluice diff ad` */
function formatOrders({ orders, source }: RunReport): readonly string[] {
  if (orders === undefined) return []
  const states = ['executed', 'pending', 'contradicted', 'overdue'] as const
  const parts = states.flatMap((state) =>
    orders[state] > 0 ? [`${formatCount(orders[state])} ${state}`] : [],
  )
  const open = orders.pending + orders.contradicted + orders.overdue
  return [`Orders: ${parts.join(', ')}${open > 0 ? `: sluice diff ${source}` : ''}`, '']
}

/** Who decided about a held run, and what took its place. */
function formatDecision({ state, decision, replacedBy }: RunReport): readonly string[] {
  const lines: string[] = []
  if (decision !== null) {
    const verb = state === 'rejected' ? 'Rejected' : 'Approved'
    const reason = decision.reason === null ? '' : `: ${printable(decision.reason)}`
    lines.push(`${verb} by ${printable(decision.by)} at ${formatInstant(decision.at)} UTC${reason}`)
  }
  if (replacedBy !== null) lines.push(`Run ${replacedBy} took its place.`)
  return lines.length === 0 ? [] : [...lines, '']
}

function formatExceeded(report: RunReport, colors: Colors): readonly string[] {
  if (report.exceeded.length === 0) return []
  const title = report.state === 'planned' ? 'Thresholds it would exceed:' : 'Thresholds exceeded:'
  const lines = report.exceeded.map(
    (exceeded) => `  ${colors.yellow('!')} ${describeExceeded(exceeded, report)}`,
  )
  return [colors.bold(title), ...lines, '']
}

function formatNotes(report: RunReport, colors: Colors): readonly string[] {
  const lines = report.notes.map((note) => `  ${printable(note)}`)
  return lines.length === 0 ? [] : [colors.bold('Notes:'), ...lines, '']
}

function formatTimings({ stages }: RunReport, colors: Colors, waited: Waited | undefined): readonly string[] {
  if (stages.length === 0) return []
  const known = (waited?.opening ?? 0) + stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const total = Math.max(known, waited?.total ?? 0)
  const parts = [
    { name: 'open', milliseconds: waited?.opening ?? 0 },
    ...stages.map(({ stage, milliseconds }) => ({ name: stage, milliseconds })),
    { name: 'rest', milliseconds: total - known },
  ].filter(({ milliseconds }) => milliseconds >= 1)
  const shares = parts.map(({ name, milliseconds }) => `${name} ${formatDuration(milliseconds)}`)
  return [colors.dim(`Took ${formatDuration(total)}${shares.length > 0 ? `: ${shares.join(', ')}` : ''}`)]
}
