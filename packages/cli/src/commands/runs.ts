/**
 * `sluice runs`: what ran, what it changed and left out, and the decision about what is held.
 *
 * @module
 */
import { type RunReport, type RunState, suggestion } from '@sluice/model'
import { type Command, Option } from 'commander'
import { describedCommand, parseRunNumber, type Runner } from '../command.ts'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeBy } from '../output/describe-by.ts'
import { formatDuration, formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import { changesOf, formatRunReport } from '../output/run-report.ts'
import { parseLimit } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { changesCommand, rejectedCommand } from './run-changes.ts'
import { type RunsFlags, readRun } from './runs-flags.ts'
import { statusOf } from './sync.ts'
import { formatNext, writeFailure, writeRejected, writeRun } from './write-run.ts'

export function runsCommand(run: Runner): Command {
  const command = describedCommand(
    'runs',
    'List runs, show what they did, and decide about those that are held.',
    [
      { command: 'sluice runs', says: 'the last runs' },
      { command: 'sluice runs show 3', says: 'the report of run 3' },
      { command: 'sluice runs changes 3', says: 'every change it made, or would make when it is held' },
      { command: 'sluice runs approve 3', says: 'apply a held run' },
    ],
  )
    .option('--source <SOURCE>', 'only runs of this source')
    .addOption(new Option('--limit <N>', 'at most so many, or "all"').argParser(parseLimit).default(20))
    .option('--json', 'print the reports as one JSON array')
    .allowExcessArguments()
    .action(() => {
      const [unknown] = command.args
      if (unknown !== undefined) throw unknownCommand(unknown, command)
      return run((context) => list(context, command.opts<RunsFlags>(), command.optsWithGlobals<RunsFlags>()))
    })
  command.addCommand(showCommand(run)).addCommand(changesCommand(run)).addCommand(rejectedCommand(run))
  return command.addCommand(approveCommand(run)).addCommand(rejectCommand(run))
}

/** Commander takes it for an argument, because `sluice runs` alone does something, too. */
function unknownCommand(name: string, { commands }: Command): WrongUsageError {
  const known = commands.map((command) => command.name())
  return new WrongUsageError(`Unknown command '${name}'.`, suggestion(name, known) ?? 'sluice runs --help')
}

function showCommand(run: Runner): Command {
  const command = describedCommand('show', 'Show the report of a run.')
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run((context) => show(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

function approveCommand(run: Runner): Command {
  const command = describedCommand('approve', 'Apply a held run: exactly the changes it holds.')
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run((context) => approve(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

function rejectCommand(run: Runner): Command {
  const command = describedCommand(
    'reject',
    'Refuse a held run; nothing of it is applied, and its source is free again.',
  )
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--reason <TEXT>', 'why, kept with the run')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run((context) => reject(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

const listColumns: readonly RecordColumn[] = [
  { name: 'run', title: 'run', align: 'right' },
  { name: 'source', title: 'source' },
  { name: 'mode', title: 'mode' },
  { name: 'state', title: 'state' },
  { name: 'by', title: 'by' },
  { name: 'started', title: 'started (UTC)' },
  { name: 'took', title: 'took', align: 'right' },
  { name: 'changes', title: 'changes', align: 'right' },
]

async function list(context: Context, flags: RunsFlags, global: GlobalOptions): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, global)
  const reports = await repository.runs({
    source: flags.source,
    limit: Number.isFinite(flags.limit) ? flags.limit : Number.MAX_SAFE_INTEGER,
  })
  if (flags.json === true) {
    await context.out.line(JSON.stringify(reports, undefined, 2))
    return exitStatus.done
  }
  if (reports.length === 0) {
    await context.err.line('No run yet. `sluice sync` starts one.')
    return exitStatus.done
  }
  await writeRecords(context.out, 'table', listColumns, reports.map(listLine))
  const held = reports.find(({ state }) => state === 'held')
  if (held?.run)
    await context.err.line(
      formatNext(context.err, [[`sluice runs show ${held.run}`, 'it is held']]).join('\n'),
    )
  return exitStatus.done
}

function listLine(report: RunReport): Cells {
  const took = report.stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const started = formatInstant(report.startedAt)
  return {
    ...report,
    by: describeBy(report.by),
    started,
    took: took > 0 ? formatDuration(took) : '',
    changes: changesOf(report),
  }
}

async function show(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  if ((await showReport(context, id, flags)) === 'held' && flags.json !== true) {
    // Only the engine can read the changes of a held run.
    await using project = await anyProjectOf(context, flags)
    await writeRun(context, await readRun(project.repository, id), project)
  }
  return exitStatus.done
}

/** Writes the report unless the run is held, and says what state it is in. */
async function showReport(context: Context, id: number, flags: RunsFlags): Promise<RunState> {
  await using repository = await repositoryOf(context, flags)
  const report = await readRun(repository, id)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(report, undefined, 2))
  else if (report.state !== 'held') {
    await out.line(formatRunReport(report, out.colors, out.width).join('\n'))
    if (report.error !== null) await writeFailure(out, report.error)
    await writeRejected(out, report, repository)
  }
  return report.state
}

async function approve(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  await readRun(project.repository, id)
  const { report, moved } = await project.approve(id, { by: flags.by ?? context.user })
  if (flags.json === true) await context.out.line(JSON.stringify({ ...report, moved }, undefined, 2))
  else {
    if (moved)
      await context.err.line(
        'The repository or its model had changed since the run was held; its changes were computed again.',
      )
    await writeRun(context, report, project)
  }
  return statusOf(report)
}

async function reject(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  await readRun(project.repository, id)
  const report = await project.reject(id, { by: flags.by ?? context.user, reason: flags.reason })
  if (flags.json === true) await context.out.line(JSON.stringify(report, undefined, 2))
  else
    await context.out.line(
      `Run ${id} of ${report.source ?? report.cause} is rejected; nothing of it was applied.`,
    )
  return exitStatus.done
}
