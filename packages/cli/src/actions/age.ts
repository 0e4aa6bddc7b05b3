/**
 * `sluice age`: what has disappeared for long enough goes, one source after another, here or through a server.
 *
 * @module
 */
import type { Project } from '@sluice/project'
import { anyProjectOf, type Context, type GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import { errorDocument, formatError } from '../output/error-message.ts'
import { statusOf } from './sync.ts'
import { writePlan, writeRun } from './write-run.ts'

export interface AgeFlags extends GlobalOptions {
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

interface Outcome {
  readonly status: ExitStatus
  /** What `--json` prints for the source. */
  readonly document: unknown
}

export async function age(context: Context, names: readonly string[], flags: AgeFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const sources = names.length > 0 ? [...new Set(names)] : await project.ageingSources()
  const outcomes: Outcome[] = []
  for (const source of sources) {
    context.signal.throwIfAborted()
    outcomes.push(await ageOne(context, project, source, flags))
  }
  if (flags.json === true) {
    const documents = outcomes.map(({ document }) => document)
    await context.out.line(JSON.stringify(documents.length === 1 ? documents[0] : documents, undefined, 2))
  } else if (sources.length === 0) {
    await context.err.line(
      'No source has a `fullLoadInterval` or a delete policy with `retention`, so there is nothing to look for.',
    )
  }
  return worst(outcomes.map(({ status }) => status))
}

async function ageOne(context: Context, project: Project, source: string, flags: AgeFlags): Promise<Outcome> {
  try {
    if (flags.dryRun === true) return await planOne(context, project, source, flags)
    const { force } = flags
    const report = await project.age(source, { force, signal: context.signal })
    if (report === undefined) return await nothingAged(context, source, flags)
    if (flags.json !== true) await writeRun(context, report, project, flags)
    return { status: statusOf(report), document: report }
  } catch (error) {
    if (context.signal.aborted) throw error
    if (flags.json !== true)
      await context.err.line(formatError(error, context.err.colors, context.err.hint).join('\n'))
    return { status: exitStatus.failed, document: { source, ...errorDocument(error) } }
  }
}

async function planOne(
  context: Context,
  project: Project,
  source: string,
  flags: AgeFlags,
): Promise<Outcome> {
  const plan = await project.planAge(source, { signal: context.signal })
  if (plan === undefined) return await nothingAged(context, source, flags)
  if (flags.json !== true) {
    const called = await calledInProject(context, flags, project)
    await writePlan(context, plan, called, { command: `sluice age ${source}` })
  }
  const { report, ...shown } = plan
  const status = report.exceeded.length > 0 ? exitStatus.held : exitStatus.done
  return { status, document: { ...report, ...shown } }
}

async function nothingAged({ out }: Context, source: string, { json }: AgeFlags): Promise<Outcome> {
  if (json !== true) await out.line(`${source}: no row is due to be deleted yet.`)
  return { status: exitStatus.done, document: null }
}
