/**
 * What went wrong in a call of the command line, as it is printed, and the exit status it has.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import {
  ApprovalUnknownError,
  NothingScheduledError,
  ResultUnknownError,
  SourceHeldError,
  UnknownJobError,
  UnknownSourceError,
  UnknownStepError,
} from '@sluice/project'
import type { Context } from './context.ts'
import { type ExitStatus, exitStatus } from './exit-status.ts'
import { SqlFileError } from './log/sql-file.ts'
import { Misuse } from './misuse.ts'
import { errorDocument, formatError } from './output/error-message.ts'
import { WrongUsageError } from './wrong-usage-error.ts'

const wrongUsage = [
  WrongUsageError,
  UnknownSourceError,
  UnknownJobError,
  UnknownStepError,
  NothingScheduledError,
  SqlFileError,
] as const

export async function explainError(
  context: Context,
  argv: readonly string[],
  thrown: unknown,
): Promise<ExitStatus> {
  const error = thrown instanceof Misuse ? wrongUsageOf(thrown) : asFileFailure(thrown)
  if (context.signal.aborted) {
    const delivered = error instanceof ResultUnknownError || error instanceof ApprovalUnknownError
    const line = delivered
      ? `Interrupted. ${error.message}`
      : 'Interrupted. The run was stopped and nothing of it was applied.'
    await context.err.line(line)
    if (error instanceof ApprovalUnknownError && error.remedy !== undefined)
      await context.err.line(`${context.err.colors.cyan('→')} ${context.err.hint(error.remedy)}`)
    return exitStatus.interrupted
  }
  if (argv.includes('--json')) await context.out.line(JSON.stringify(errorDocument(error), undefined, 2))
  else await context.err.line(formatError(error, context.err.colors, context.err.hint).join('\n'))
  const wrong = wrongUsage.some((kind) => error instanceof kind)
  if (error instanceof SourceHeldError) return exitStatus.held
  return wrong ? exitStatus.wrongUsage : exitStatus.failed
}

/** What was done is done; but nobody can see it, and a script shall not take the empty file for the answer. */
export async function explainOutput(
  { err }: Pick<Context, 'err'>,
  failure: Error,
  status: ExitStatus,
): Promise<ExitStatus> {
  const error = asFileFailure(failure, 'Standard output')
  await err.line(formatError(error, err.colors, err.hint).join('\n'))
  return status === exitStatus.done ? exitStatus.failed : status
}

/** Points at the help of the command that was meant, not at that of all. */
function wrongUsageOf({ error, command }: Misuse): WrongUsageError {
  const help = `${command} --help`
  if (error.code === 'commander.help') return new WrongUsageError('A command is missing.', help)
  const [sentence = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1).replace(/\.?$/, '.')}`
  return new WrongUsageError(message, suggestion?.replace(/^\((.*)\)$/, '$1') ?? help)
}
