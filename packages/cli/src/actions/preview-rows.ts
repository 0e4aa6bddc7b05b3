/**
 * `sluice mapping try` by the agent of a source, or with a mapping that is proposed: rows as they come back, and what is wrong with the proposal.
 *
 * @module
 */
import { mostPreviewRows } from '@sluice/model'
import { type PreviewAnswer, previewRows } from '@sluice/project'
import { type Context, type GlobalOptions, jobsOf } from '../context.ts'
import { formatFinding } from '../output/finding.ts'
import { projectPath } from '../project-path.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { FailedPreviewError } from './failed-preview-error.ts'
import { readNamedFile } from './read-named-file.ts'

export interface PreviewFlags extends GlobalOptions {
  readonly rows: number
  readonly mapping?: string
  /** A file. */
  readonly proposal?: string
  /** Through the server; `true`: by the only one that delivers the source. */
  readonly agent?: string | true
}

/** `undefined`: the proposal has errors, which have been printed. */
export async function previewed(
  context: Context,
  source: string,
  flags: PreviewFlags,
): Promise<PreviewAnswer | undefined> {
  const { mapping, rows, proposal: path } = flags
  const proposal =
    path === undefined
      ? undefined
      : await readNamedFile(path, 'utf8', 'Name a file with a mapping: --proposal')
  const asked = { mapping, proposal, rows, signal: context.signal }
  const answer =
    flags.agent === undefined
      ? await previewRows(projectPath(context, flags), { ...asked, source, environment: context.environment })
      : await previewedThere(context, source, { ...flags, ...asked })
  const { err } = context
  for (const finding of answer.findings)
    await err.line(formatFinding({ ...finding, file: path ?? finding.file }, err.colors, err.hint))
  if (answer.findings.some(({ severity }) => severity === 'error')) return undefined
  if (answer.error !== null) throw new FailedPreviewError(source, undefined, answer.error)
  return answer
}

interface Asked extends Omit<PreviewFlags, 'mapping' | 'proposal'> {
  readonly mapping: string | undefined
  /** Its text. */
  readonly proposal: string | undefined
  readonly signal: AbortSignal
}

async function previewedThere(context: Context, source: string, asked: Asked): Promise<PreviewAnswer> {
  const { rows, mapping, proposal, signal } = asked
  if (rows > mostPreviewRows)
    throw new WrongUsageError(
      `An agent shows at most ${mostPreviewRows} rows at a time.`,
      `--rows ${mostPreviewRows}, or sluice mapping try ${source} where the files are`,
    )
  await using jobs = await jobsOf(context, asked)
  if (jobs.previewSource === undefined)
    throw new WrongUsageError('There is no server here that an agent asks.', `sluice mapping try ${source}`)
  const agent = asked.agent === true ? undefined : asked.agent
  const found = await jobs.previewSource(source, { agent, mapping, proposal, rows, signal })
  if (found.answer === null || found.answer.error !== null)
    throw new FailedPreviewError(source, found.agent.host, found.answer?.error ?? undefined)
  return found.answer
}
