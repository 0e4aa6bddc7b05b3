/**
 * What is told of a run: its essentials, so that whoever reads it knows whether to get up.
 *
 * @module
 */
import {
  type ChangeCounts,
  type Configuration,
  type Exceeded,
  type NotificationKindName,
  type Notified,
  type NotifiedRun,
  notificationKinds,
  type RunReport,
} from '@sluice/model'

export function describeRun(
  { sources, server }: Pick<Configuration, 'sources' | 'server'>,
  kind: NotificationKindName,
  report: RunReport,
): Notified {
  const { source, error } = report
  const run = essentialsOf(report)
  return {
    source,
    owner: (source === null ? undefined : sources.get(source)?.owner) ?? null,
    subject: subjectOf(kind, report, run),
    run,
    error: error === null ? null : { ...error, remedy: error.remedy ?? null },
    lateness: null,
    link: server.publicUrl === undefined || run === null ? null : linkOf(server.publicUrl, run.run),
  }
}

/** Where the API shows it. */
function linkOf(publicUrl: string, run: number): string {
  return `${publicUrl}/api/v1/runs/${run}`
}

function essentialsOf(report: RunReport): NotifiedRun | null {
  const { run, mode, state, startedAt, finishedAt, by, delivery, exceeded } = report
  if (run === null) return null
  return {
    run,
    mode,
    state,
    startedAt,
    finishedAt,
    by: by.name,
    delivery,
    resources: sumOf(report.entities),
    links: sumOf(report.associations),
    rejected: rejectedIn(report),
    exceeded: exceeded.map(describeExceeded),
  }
}

/** Rows that the run left out. */
export function rejectedIn({ entities, associations }: Pick<RunReport, 'entities' | 'associations'>): number {
  return [...entities, ...associations].reduce((sum, { rows }) => sum + (rows?.rejected ?? 0), 0)
}

function sumOf(parts: readonly { readonly changes: ChangeCounts }[]): ChangeCounts {
  const sum = (operation: keyof ChangeCounts) =>
    parts.reduce((all, { changes }) => all + changes[operation], 0)
  return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
}

/** `hr: run 12 is held (3 inserted, 240 deleted)` */
function subjectOf(kind: NotificationKindName, report: RunReport, run: NotifiedRun | null): string {
  const what = report.source ?? report.cause
  // Of what could not start there is a run in name only.
  const who = run === null || kind === 'notStarted' ? what : `${what}: run ${run.run}`
  const counts = run === null ? [] : countsOf(run)
  const behind = counts.length === 0 ? (report.error?.code ?? '') : counts.join(', ')
  return `${who} ${notificationKinds[kind].subject}${behind === '' ? '' : ` (${behind})`}`
}

function countsOf({ resources, links, rejected }: NotifiedRun): readonly string[] {
  const changes = (['inserted', 'updated', 'deleted'] as const).map(
    (operation) => [resources[operation] + links[operation], operation] as const,
  )
  return [...changes, [rejected, 'rejected'] as const].flatMap(([count, what]) =>
    count === 0 ? [] : [`${count} ${what}`],
  )
}

/** `Person: 5 of 10 deleted, at most 1` */
function describeExceeded({ level, source, threshold, by, limit, found, total, since }: Exceeded): string {
  const where = source === undefined ? level : `${source}, ${level}`
  const what = threshold.replace(/^links/, 'links ').toLowerCase()
  const most = by === 'percent' ? `${limit} %` : String(limit)
  const counted = since === undefined ? '' : ` since ${since}`
  return `${where}: ${found} of ${total} ${what}${counted}, at most ${most}`
}
