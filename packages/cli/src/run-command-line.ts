/**
 * One call of the command line, from its arguments to its exit status.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import {
  NothingScheduledError,
  ResultUnknownError,
  SourceHeldError,
  UnknownJobError,
  UnknownSourceError,
  UnknownStepError,
} from '@sluice/project'
import { CommanderError } from 'commander'
import type { Context } from './context.ts'
import { type ExitStatus, exitStatus } from './exit-status.ts'
import { SqlFileError } from './log/sql-file.ts'
import { errorDocument, formatError } from './output/error-message.ts'
import { createProgram } from './program.ts'
import { WrongUsageError } from './wrong-usage-error.ts'

/** Parses `argv` (without the program's name), does the work, prints what went wrong. Never throws. */
export async function runCommandLine(context: Context, argv: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.done
  const program = createProgram({
    out: context.out,
    err: context.err,
    run: async (work) => {
      status = await work(context)
    },
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    return explain(context, argv, error)
  }
}

const wrongUsage = [
  WrongUsageError,
  UnknownSourceError,
  UnknownJobError,
  UnknownStepError,
  NothingScheduledError,
  SqlFileError,
] as const

async function explain(context: Context, argv: readonly string[], thrown: unknown): Promise<ExitStatus> {
  const error = asFileFailure(thrown)
  // Not an error, but help or the version was asked for.
  if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.done
  if (context.signal.aborted) {
    const delivered = error instanceof ResultUnknownError
    const line = delivered
      ? `Interrupted. ${error.message}`
      : 'Interrupted. The work in hand was given up; nothing of it was applied.'
    await context.err.line(line)
    return exitStatus.interrupted
  }
  if (argv.includes('--json')) await context.out.line(JSON.stringify(errorDocument(error), undefined, 2))
  else await context.err.line(formatError(error, context.err.colors).join('\n'))
  const wrong = wrongUsage.some((kind) => error instanceof kind)
  if (error instanceof SourceHeldError) return exitStatus.held
  return wrong ? exitStatus.wrongUsage : exitStatus.failed
}
