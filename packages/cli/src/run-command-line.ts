/**
 * One call of the command line, from its arguments to its exit status.
 *
 * @module
 */
import { CommanderError } from 'commander'
import type { Context } from './context.ts'
import { type ExitStatus, exitStatus } from './exit-status.ts'
import { createProgram } from './program.ts'

/** Parses `argv` (without the program's name), does the work, prints what went wrong. Never throws. */
export async function runCommandLine(context: Context, argv: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.done
  const program = createProgram({
    out: context.out,
    err: context.err,
    run: async (load, work, { withoutLocks = false } = {}) => {
      const actions = await load()
      if (!withoutLocks) await tellOfFiles(context)
      status = await work(actions, context)
    },
  })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    const { failure } = context.out
    if (failure === undefined) return status
    const { explainOutput } = await import('./explain-error.ts')
    return await explainOutput(context, failure, status)
  } catch (error) {
    // Not an error, but help or the version was asked for.
    if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.done
    const { explainError } = await import('./explain-error.ts')
    return explainError(context, argv, error)
  }
}

async function tellOfFiles({ onLockWait: listener, err }: Context): Promise<void> {
  const { onLockWait, onOpenSecret } = await import('@sluice/files')
  if (listener !== undefined) onLockWait(listener)
  onOpenSecret((sentence, remedy) => {
    const { yellow, cyan } = err.colors
    void err.line(`${yellow('warning:')} ${sentence}\n${cyan('→')} ${remedy}`)
  })
}
