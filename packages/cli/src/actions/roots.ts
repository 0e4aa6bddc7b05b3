/**
 * `sluice roots` and the commands below it: roots of sources that are graphs, here or through a server.
 *
 * @module
 */
import type { RootRecord, WantedRoots } from '@sluice/model'
import { anyProjectOf, type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { type Cells, type RecordColumn, whole } from '../output/records.ts'
import { describeFailure, formatRoot } from '../output/root.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { NoSuchRootError } from './no-such-root-error.ts'
import { showFound } from './show-found.ts'
import { statusOf } from './sync.ts'
import { writePlan, writeRun } from './write-run.ts'

export interface RootsFlags extends GlobalOptions, RecordFlags {
  readonly failed?: boolean
  readonly kind?: string
}

export interface ShowRootFlags extends GlobalOptions {
  readonly graph?: boolean
  readonly json?: boolean
}

export interface EvaluateFlags extends GlobalOptions {
  readonly failed?: boolean
  readonly kind?: string
  readonly all?: boolean
  readonly reason?: string
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly json?: boolean
}

const common: readonly RecordColumn[] = [
  { name: 'root', title: 'root' },
  { name: 'kind', title: 'kind' },
  { name: 'cis', title: 'CIs', align: 'right' },
  { name: 'links', title: 'links', align: 'right' },
]
const onScreen: readonly RecordColumn[] = [
  ...common,
  { name: 'sinceRun', title: 'failed since', align: 'right' },
  { name: 'nature', title: 'for how long' },
  { name: 'failure', title: 'why' },
]
const inFiles: readonly RecordColumn[] = [
  ...common,
  ...['problem', 'nature', 'message', 'file', 'line', 'column', 'sinceRun'].map((name) => ({
    name,
    title: name,
  })),
]

export async function list(context: Context, source: string, flags: RootsFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { failed, kind } = flags
  const shape = shapeOf(flags)
  const which = [failed === true && ' that failed', kind !== undefined && ` of the kind ${kind}`]
  await showFound(context, flags, {
    records: repository.roots(source, { failed, kind, limit: readLimit(flags) }),
    columns: shape === 'csv' ? inFiles : onScreen,
    cells: shape === 'json' ? whole : flat,
    more: `--limit ${limitOf(flags) * 10}, --limit all, or --csv`,
    none: `${source} has no root${which.filter(Boolean).join('')}.`,
  })
  return exitStatus.done
}

async function* flat(records: AsyncIterable<RootRecord>): AsyncGenerator<Cells> {
  for await (const { failure, ...record } of records)
    yield { ...record, ...failure, failure: failure === null ? null : describeFailure(failure) }
}

export async function show(
  context: Context,
  source: string,
  root: string,
  flags: ShowRootFlags,
): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const found = await project.root(source, root)
  if (found === undefined) throw new NoSuchRootError(source, root)
  const { out } = context
  if (flags.graph === true) {
    if (found.subgraph === undefined) throw new NoSuchRootError(source, root)
    await out.line(JSON.stringify(found.subgraph, undefined, 2))
  } else if (flags.json === true) await out.line(JSON.stringify(found, undefined, 2))
  else await out.line(formatRoot(source, found, out.colors, out.width).join('\n'))
  return exitStatus.done
}

export async function evaluate(
  context: Context,
  source: string,
  roots: readonly string[],
  flags: EvaluateFlags,
): Promise<ExitStatus> {
  const wanted = wantedOf(roots, flags)
  await using project = await anyProjectOf(context, flags)
  const { out } = context
  const { reason: comment, force, json } = flags
  if (flags.dryRun === true) {
    const plan = await project.planEvaluateRoots(source, wanted, { comment })
    if (plan === undefined) return await writeNone(context, source, flags)
    const { report, ...rest } = plan
    if (json === true) await out.line(JSON.stringify({ ...report, ...rest }, undefined, 2))
    else {
      const called = await calledInProject(context, flags, project)
      await writePlan(context, plan, called, { command: commandOf(source, wanted) })
    }
    return report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  }
  const report = await project.evaluateRoots(source, wanted, { comment, force })
  if (report === undefined) return await writeNone(context, source, flags)
  if (json === true) await out.line(JSON.stringify(report, undefined, 2))
  else await writeRun(context, report, project, flags)
  return statusOf(report)
}

function wantedOf(roots: readonly string[], { failed, kind, all }: EvaluateFlags): WantedRoots {
  const chosen = [roots.length > 0, failed === true || kind !== undefined, all === true]
  if (chosen.filter((one) => one).length !== 1)
    throw new WrongUsageError(
      'Name roots, or say --failed or --kind, or take --all.',
      'sluice roots evaluate --help',
    )
  if (roots.length > 0) return { roots: [...roots] }
  if (failed === true) return { failed, ...(kind === undefined ? {} : { kind }) }
  return kind === undefined ? { all: true } : { kind }
}

/** What does what was planned. */
function commandOf(source: string, wanted: WantedRoots): string {
  const evaluateCommand = `sluice roots evaluate ${source}`
  if ('roots' in wanted) return `${evaluateCommand} ${wanted.roots.map(quoted).join(' ')}`
  const kind = 'kind' in wanted && wanted.kind !== undefined ? ` --kind ${quoted(wanted.kind)}` : ''
  if ('failed' in wanted) return `${evaluateCommand} --failed${kind}`
  return kind === '' ? `${evaluateCommand} --all` : `${evaluateCommand}${kind}`
}

/** As a shell reads it. */
function quoted(word: string): string {
  return /^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

async function writeNone(
  { out }: Context,
  source: string,
  { json, failed }: EvaluateFlags,
): Promise<ExitStatus> {
  if (json === true) await out.line('null')
  else await out.line(failed === true ? `No root of ${source} has failed.` : `${source} has no such root.`)
  return exitStatus.done
}
