/**
 * What `sync`, `plan` and `apply` share: the work with one source after another.
 *
 * @module
 */
import { resolve } from 'node:path'
import type { Mode, OnProgress } from '@sluice/model'
import { type Planner, SourceHeldError, UnknownSourceError } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import type { Called } from '../output/called.ts'
import { errorDocument, formatError } from '../output/error-message.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface SourceFlags extends GlobalOptions {
  readonly mode?: Mode
  readonly folder?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Those that are named, or all, in the order in which they are written. */
export async function chosenSources(
  project: Pick<Planner, 'configuration' | 'knows'>,
  names: readonly string[],
  { folder }: Pick<SourceFlags, 'folder'>,
): Promise<readonly string[]> {
  const known = [...project.configuration.sources.keys()]
  const sources = names.length > 0 ? [...new Set(names)] : known
  for (const name of sources) if (!(await project.knows(name))) throw new UnknownSourceError(name, known)
  if (folder !== undefined && sources.length !== 1)
    throw new WrongUsageError('--folder needs the name of one source.', 'sluice sync SOURCE --folder FOLDER')
  return sources
}

export interface Outcome {
  readonly status: ExitStatus
  /** What `--json` prints for this source. */
  readonly document: unknown
}

/** What the work with one source is given. */
export interface WorkOptions {
  readonly mode: Mode | undefined
  readonly folder: string | undefined
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
  /** Erases what was said of its progress. */
  readonly clear: () => void
}

/** Works with one source after the other and prints what went wrong; one that fails does not keep the others waiting. */
export async function eachSource(
  context: Context,
  sources: readonly string[],
  flags: SourceFlags & { readonly called?: Called },
  work: (source: string, options: WorkOptions) => Promise<Outcome>,
): Promise<ExitStatus> {
  const outcomes: Outcome[] = []
  for (const source of sources) {
    context.signal.throwIfAborted()
    if (outcomes.length > 0 && flags.json !== true && flags.quiet !== true) await context.out.line()
    outcomes.push(await workWith(context, source, flags, work))
  }
  if (flags.json === true) {
    const documents = outcomes.map(({ document }) => document)
    await context.out.line(JSON.stringify(documents.length === 1 ? documents[0] : documents, undefined, 2))
  } else if (sources.length === 0) {
    await context.err.line('The configuration has no sources yet; add one under `sources:`.')
  }
  return worst(outcomes.map(({ status }) => status))
}

async function workWith(
  context: Context,
  source: string,
  flags: SourceFlags & { readonly called?: Called },
  work: (source: string, options: WorkOptions) => Promise<Outcome>,
): Promise<Outcome> {
  const silent = flags.json === true || flags.quiet === true
  const progress = new ProgressLine(context.err, flags.called)
  const clear = () => progress.clear()
  const onProgress: OnProgress = (step) => {
    if (!silent) progress.show(step)
  }
  const folder = flags.folder === undefined ? undefined : resolve(context.workingFolder, flags.folder)
  try {
    return await work(source, { mode: flags.mode, folder, onProgress, signal: context.signal, clear })
  } catch (error) {
    clear()
    if (context.signal.aborted) throw error
    if (flags.json !== true)
      await context.err.line(formatError(error, context.err.colors, context.err.hint).join('\n'))
    const status = error instanceof SourceHeldError ? exitStatus.held : exitStatus.failed
    return { status, document: { source, ...errorDocument(error) } }
  }
}
