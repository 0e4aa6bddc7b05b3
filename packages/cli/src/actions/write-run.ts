/**
 * A run or a plan on the screen, whole: the report, its rejected rows, its first changes, and what
 * to type next.
 *
 * @module
 */
import type { Change, RunReport } from '@sluice/model'
import type { Plan, Project, RepositoryReader } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { calledInProject } from '../language.ts'
import type { Called } from '../output/called.ts'
import { describeChange } from '../output/change-list.ts'
import { labelledChange, labelledReport, labelledRow } from '../output/labelled-report.ts'
import type { Outlet } from '../output/outlet.ts'
import { formatCount } from '../output/quantities.ts'
import { describeRejectedRow } from '../output/rejected-rows.ts'
import { changesOf, formatRunReport } from '../output/run-report.ts'

const rejectedShown = 10
const changesOfEachKind = 3

export type RunReaders = Pick<RepositoryReader, 'rejectedRows'>

export async function writeRun(
  context: Context,
  report: RunReport,
  project: Project,
  options: GlobalOptions,
): Promise<void> {
  const { out } = context
  const called = await calledInProject(context, options, project)
  await writeReported(context, report, called)
  await writeRejected(out, report, project.repository, called)
  if (report.error !== null) await writeFailure(out, report.error)
  if (report.state === 'held' && report.run !== null) {
    const changes: Change[] = []
    for await (const change of project.changes(report.run, { sample: changesOfEachKind }))
      changes.push(change)
    await writeFirstChanges(out, changes, called)
  }
  const steps = nextSteps(report)
  if (steps.length > 0) await writeLines(out, formatNext(out, await permittedSteps(project, steps)))
}

/** The report of a run and what to type next, for whoever has nothing at hand to read more with. */
export async function writeReport(context: Context, report: RunReport, called: Called): Promise<void> {
  await writeReported(context, report, called)
  const steps = nextSteps(report)
  if (steps.length > 0) await writeLines(context.out, formatNext(context.out, steps))
}

/** What a person waited for is told with it. */
async function writeReported({ out, stopwatch }: Context, report: RunReport, called: Called): Promise<void> {
  const labelled = labelledReport(report, called)
  await writeLines(out, formatRunReport(labelled, out.colors, out.width, stopwatch?.lap()))
}

/** What a plan says, and the command that does it: the one given, or a sync with the same mode and folder. */
export async function writePlan(
  context: Context,
  { report, changes, rejected }: Plan,
  called: Called,
  flags: {
    readonly folder?: string | undefined
    readonly mode?: string | undefined
    /** `null`: nothing is to be typed. */
    readonly command?: string | null | undefined
  },
): Promise<void> {
  const { out } = context
  await writeReported(context, report, called)
  if (rejected.length > 0) {
    const lines = rejected
      .slice(0, rejectedShown)
      .map((row) => `  ${describeRejectedRow(labelledRow(row, called), out.colors)}`)
    await writeLines(out, ['', out.colors.bold('Rows it would reject:'), ...lines])
  }
  await writeFirstChanges(out, changes, called)
  if (flags.command === null) return
  const options = [flags.mode && ` --mode ${flags.mode}`, flags.folder && ` --folder ${flags.folder}`]
  const command = flags.command ?? `sluice sync ${report.source}${options.filter(Boolean).join('')}`
  const says =
    report.exceeded.length > 0
      ? 'holds it for a decision'
      : changesOf(report) > 0
        ? 'does it'
        : 'would change nothing'
  await writeLines(out, formatNext(out, [[command, says]]))
}

async function writeLines(out: Outlet, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await out.line(lines.join('\n'))
}

export async function writeRejected(
  out: Outlet,
  report: RunReport,
  readers: RunReaders,
  called: Called,
): Promise<void> {
  if (report.run === null) return
  const total = [...report.entities, ...report.associations].reduce(
    (sum, { rows }) => sum + (rows?.rejected ?? 0),
    0,
  )
  if (total === 0) return
  await writeLines(out, ['', out.colors.bold('Rejected rows:')])
  let shown = 0
  for await (const row of readers.rejectedRows(report.run)) {
    if (shown === rejectedShown) break
    await out.line(`  ${describeRejectedRow(labelledRow(row, called), out.colors)}`)
    shown += 1
  }
  if (total > shown) {
    await out.line(out.hint(`  … and ${formatCount(total - shown)} more: sluice runs rejected ${report.run}`))
  }
}

/** Why a run failed, and what to do about it. */
export async function writeFailure(out: Outlet, error: NonNullable<RunReport['error']>): Promise<void> {
  const { red, cyan } = out.colors
  await writeLines(out, ['', `${red(`error ${error.code}:`)} ${error.message}`])
  if (error.remedy !== undefined) await out.line(`${cyan('→')} ${out.hint(error.remedy)}`)
}

async function writeFirstChanges(out: Outlet, changes: readonly Change[], called: Called): Promise<void> {
  if (changes.length === 0) return
  await writeLines(out, ['', out.colors.bold('First changes of each kind:')])
  for (const change of changes)
    await out.line(`  ${describeChange(labelledChange(change, called), out.colors, out.width - 2)}`)
}

type Step = readonly [command: string, says: string, needs?: 'read' | 'decide']

function nextSteps(report: RunReport): readonly Step[] {
  const { run, cause, source, state } = report
  if (run === null) return []
  const drift: readonly Step[] =
    report.drift !== null && changesOf(report.drift) > 0
      ? [[`sluice runs changes ${run} --drift`, 'what drift it repaired']]
      : []
  if (state === 'held') {
    const rejected = report.exceeded.some(({ threshold }) => threshold === 'rejected')
    return [
      ...(rejected ? [[`sluice runs rejected ${run}`, 'all rows it rejects'] as const] : []),
      ...(changesOf(report) > 0
        ? [[`sluice runs changes ${run}`, 'all changes it would make'] as const]
        : []),
      ...drift,
      [`sluice runs approve ${run}`, 'apply exactly these', 'decide'],
      [`sluice runs reject ${run}`, refusals[cause] ?? 'discard them, and correct the source', 'decide'],
      ...(source === null || decidedAlone.has(cause) ? [] : [againByForce(source, cause)]),
    ]
  }
  if (state === 'applied')
    return [...changedSteps(report, drift), ...faultSteps(report), ...suspendSteps(report)]
  return []
}

/** No sync of the source would do what runs of these causes do. */
const decidedAlone: ReadonlySet<RunReport['cause']> = new Set(['removal', 'decision'])

/** What to reject a run of these causes means. */
const refusals: Partial<Record<RunReport['cause'], string>> = {
  removal: 'keep the source',
  ageing: 'keep them for now',
}

function againByForce(source: string, cause: RunReport['cause']): Step {
  return cause === 'ageing'
    ? [`sluice age ${source} --force`, 'look again, and delete what is due even over a threshold', 'decide']
    : [`sluice sync ${source} --force`, 'export again and apply all changes, even over a threshold', 'decide']
}

function changedSteps(report: RunReport, drift: readonly Step[]): readonly Step[] {
  if (changesOf(report) === 0) return []
  // What is delivered of a graph changes no resource itself.
  const resources = report.entities.filter(({ changes }) => Object.values(changes).some((count) => count > 0))
  const [largest] = resources.sort((a, b) => storedAfter(b) - storedAfter(a))
  const look: readonly Step[] =
    largest === undefined ? [] : [[`sluice resources ${largest.mapping}`, 'what is stored now', 'read']]
  return [[`sluice runs changes ${report.run}`, 'what it changed'], ...drift, ...look]
}

/** Sources that would bring again what was taken back. */
function suspendSteps({ reverted }: RunReport): readonly Step[] {
  if (reverted === undefined || reverted.suspended === true) return []
  return reverted.comesAgain.map(({ source }) => [
    `sluice source suspend ${source}`,
    'it makes no new run until somebody resumes it, so these changes do not come again',
    'decide',
  ])
}

/** Rows that could not be applied, and wait. */
function faultSteps({ source, entities }: RunReport): readonly Step[] {
  const faulty = entities.some(
    ({ replicas }) =>
      replicas !== undefined &&
      [
        replicas.creationErrors,
        replicas.reconciliationErrors,
        replicas.updateErrors,
        replicas.obsolescenceErrors,
        replicas.deletionErrors,
        replicas.warnings,
      ].some((count) => count > 0),
  )
  const doubtful = entities.some(({ replicas }) => (replicas?.doubtful ?? 0) > 0)
  if (source === null) return []
  return [
    ...(faulty
      ? [[`sluice replicas ${source} --errors`, 'what could not be applied, and why', 'read'] as const]
      : []),
    ...(doubtful
      ? [
          [
            `sluice matches ${source}`,
            'rows that match several resources and wait for a decision',
            'read',
          ] as const,
        ]
      : []),
  ]
}

const whose = { read: 'a viewer or an operator', decide: 'an operator' } as const

/** An agent's token permits less than the person who reads this may do with one of their own. */
async function permittedSteps(project: Project, steps: readonly Step[]): Promise<readonly Step[]> {
  if (steps.every(([, , needs]) => needs === undefined)) return steps
  const permitted = await project.permissions().catch(() => undefined)
  return steps.map(([command, says, needs]) =>
    needs === undefined || permitted === undefined || permitted.includes(needs)
      ? [command, says]
      : [command, `${says}; needs the token of ${whose[needs]}`],
  )
}

function storedAfter({ stored, changes }: RunReport['entities'][number]): number {
  return stored + changes.inserted - changes.deleted
}

export function formatNext(out: Outlet, steps: readonly Step[]): readonly string[] {
  const typed = steps.map(([command, says]) => [out.hint(command), says] as const)
  const width = Math.max(...typed.map(([command]) => command.length))
  return [
    '',
    out.colors.bold('Next:'),
    ...typed.map(([command, says]) => `  ${out.colors.cyan(command.padEnd(width))}   ${says}`),
  ]
}
