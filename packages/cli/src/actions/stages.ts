/**
 * `sluice export`, `prepare`, `deliver` and `synchronize`: the stages of `sluice sync`, one at a time.
 *
 * Each reads the files that the one before has left, so that a person can look at them in between, and says
 * where its own are and what comes next.
 *
 * @module
 */
import { resolve } from 'node:path'
import { type Mode, type OnProgress, printable } from '@sluice/model'
import {
  NothingPreparedError,
  type OutboxOutcome,
  type Outgoing,
  type PreparedStage,
  type Project,
} from '@sluice/project'
import { type Context, configurationOf, type GlobalOptions, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { formatBytes, formatNumberOf } from '../output/quantities.ts'
import { formatTable } from '../output/table.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { plan } from './plan.ts'
import { statusOf } from './sync.ts'
import { formatNext, writeRun } from './write-run.ts'

export interface StageFlags extends GlobalOptions {
  readonly mode?: Mode
  readonly folder?: string
  readonly force?: boolean
  readonly asTheyAre?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

export async function exportOne(context: Context, name: string, flags: StageFlags): Promise<ExitStatus> {
  return withProject(context, flags, async (project, options, progress) => {
    const { decision, exported } = await project.stages.export(name, {
      ...options,
      ...chosen(context, flags),
      // Alone, it is run to be looked at.
      onProgramLine: ({ text }) => {
        progress.clear()
        void context.err.line(printable(text))
      },
    })
    progress.clear()
    const { by, folder, tables } = exported
    const files = tables.flatMap(({ parts }) => parts)
    const { mode } = decision
    const notes = [...decision.notes, ...exported.notes]
    const document = { source: name, mode, base: decision.base ?? null, by, folder, files, notes }
    if (flags.json === true) return { document, status: exitStatus.done }
    const size = files.reduce((sum, file) => sum + file.size, 0)
    const found = `${formatNumberOf(files.length, 'file')}, ${formatBytes(size)}, in ${folder}`
    await context.out.line(
      by === 'program'
        ? `Exported ${name} (${mode}): ${found}`
        : `${name} has no export program; its files exist: ${found}`,
    )
    await next(context, notes, [[`sluice prepare ${name}`, 'cleanse, sort and compare them']])
    return { status: exitStatus.done }
  })
}

export async function prepareOne(context: Context, name: string, flags: StageFlags): Promise<ExitStatus> {
  return withProject(context, flags, async (project, options, progress) => {
    const prepared = await project.stages.prepare(name, { ...options, ...chosen(context, flags) })
    progress.clear()
    if (flags.json === true) return { document: prepared, status: exitStatus.done }
    const { id, mode, folder, manifest } = prepared
    await context.out.line(`Prepared ${name} (${mode}) as delivery ${id}, in ${folder}`)
    await writeFiles(context, prepared)
    await next(context, manifest.notes, [[`sluice deliver ${name}`, 'deliver them']])
    return { status: exitStatus.done }
  })
}

async function writeFiles({ out }: Context, { manifest }: PreparedStage): Promise<void> {
  const right = { align: 'right' as const }
  const lines = formatTable(
    [{ title: '' }, { title: 'rows', ...right }, { title: 'read', ...right }, { title: 'size', ...right }],
    manifest.files.map(({ name, rows, read, size }) => [name, String(rows), String(read), formatBytes(size)]),
    { width: out.width, indent: 2, title: out.colors.dim },
  )
  await out.line(lines.join('\n'))
}

export async function deliverOne(context: Context, name: string, flags: StageFlags): Promise<ExitStatus> {
  return withProject(context, flags, async (project, options, progress) => {
    const waiting = await project.stages.queue(name)
    const outcome = await project.stages.deliver(name, { ...options, asTheyAre: flags.asTheyAre })
    progress.clear()
    if (outcome.kind === 'nothing') throw new NothingPreparedError(name)
    const status = outcome.kind === 'delivered' ? exitStatus.done : exitStatus.failed
    if (flags.json === true) return { document: documentOf(name, outcome), status }
    for (const { id, mode } of outcome.before)
      await context.out.line(`Delivered ${name} (${mode}): delivery ${id}`)
    if (outcome.kind === 'delivered') await writeDelivered(context, name, outcome, waiting)
    else await writeDropped(context, name, outcome)
    return { status }
  })
}

type Delivered = Extract<OutboxOutcome, { kind: 'delivered' }>
type Dropped = Extract<OutboxOutcome, { kind: 'dropped' }>

function documentOf(source: string, outcome: Delivered | Dropped) {
  const { kind, delivery } = outcome
  const before = outcome.before.map(({ id }) => id)
  const common = { source, delivery: delivery.id, mode: delivery.mode, kind, before }
  if (outcome.kind === 'delivered') return { ...common, state: outcome.status.state }
  return { ...common, reason: outcome.reason, behind: outcome.behind.map(({ id }) => id) }
}

async function writeDelivered(
  context: Context,
  name: string,
  { delivery, before }: Delivered,
  waiting: readonly Outgoing[],
): Promise<void> {
  await context.out.line(`Delivered ${name} (${delivery.mode}): delivery ${delivery.id}`)
  const reported = waiting.flatMap(({ manifest }) => manifest.notes)
  const notes = [...before, delivery].flatMap(({ manifest }) => manifest.notes)
  const unreported = notes.filter((note) => !reported.includes(note))
  await next(context, unreported, [[`sluice synchronize ${name}`, 'apply it, and see what it changes']])
}

async function writeDropped(
  context: Context,
  name: string,
  { delivery, reason, behind }: Dropped,
): Promise<void> {
  await context.err.line(`Delivery ${delivery.id} of ${name} was dropped: ${reason.replace(/\.$/, '')}.`)
  for (const { id } of behind)
    await context.err.line(`Delivery ${id} of ${name}, which built on it, was dropped, too.`)
  await next(context, [], [[`sluice prepare ${name}`, 'prepare it again']])
}

export async function synchronizeOne(context: Context, name: string, flags: StageFlags): Promise<ExitStatus> {
  if (flags.dryRun === true) return await planTable(context, name, flags)
  return withProject(context, flags, async (project, options, progress) => {
    const reports = await project.synchronize(name, { ...options, force: flags.force })
    progress.clear()
    const status = worst(reports.map(statusOf))
    if (flags.json === true) return { document: reports, status }
    for (const report of reports) await writeRun(context, report, project, flags)
    if (reports.length === 0) await sayNothingWaits(context, name, project)
    return { status }
  })
}

/** What was delivered is planned by nobody: `sluice plan` plans with the files as they are now. */
async function planTable(context: Context, name: string, flags: StageFlags): Promise<ExitStatus> {
  const { sources } = await configurationOf(context, flags)
  // One that no file defines may be in the repository.
  if (sources.get(name)?.table === true || !sources.has(name)) return await plan(context, [name], flags)
  throw new WrongUsageError('--dry-run is for sources with open tables.', `sluice plan ${name}`)
}

async function sayNothingWaits({ err }: Context, name: string, { stages }: Project): Promise<void> {
  await err.line(`No delivery of ${name} waits to be applied.`)
  if ((await stages.waiting(name)) === undefined) return
  await err.line(formatNext(err, [[`sluice deliver ${name}`, 'deliver what is prepared']]).join('\n'))
}

interface Done {
  readonly status: ExitStatus
  /** What `--json` prints. */
  readonly document?: unknown
}

type StageAction = (
  project: Project,
  options: { readonly onProgress: OnProgress; readonly signal: AbortSignal },
  progress: ProgressLine,
) => Promise<Done>

async function withProject(context: Context, flags: StageFlags, work: StageAction): Promise<ExitStatus> {
  await using project = await projectOf(context, flags)
  const progress = new ProgressLine(context.err)
  const onProgress: OnProgress = (step) => {
    if (flags.json !== true) progress.show(step)
  }
  try {
    const { status, document } = await work(project, { onProgress, signal: context.signal }, progress)
    if (document !== undefined) await context.out.line(JSON.stringify(document, undefined, 2))
    return status
  } finally {
    progress.clear()
  }
}

function chosen({ workingFolder }: Context, { mode, folder }: StageFlags) {
  return { mode, folder: folder === undefined ? undefined : resolve(workingFolder, folder) }
}

async function next(
  { out }: Context,
  notes: readonly string[],
  steps: readonly (readonly [command: string, says: string])[],
): Promise<void> {
  if (notes.length > 0)
    await out.line(['', out.colors.bold('Notes:'), ...notes.map((note) => `  ${printable(note)}`)].join('\n'))
  await out.line(formatNext(out, steps).join('\n'))
}
