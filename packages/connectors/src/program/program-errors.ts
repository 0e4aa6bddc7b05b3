/**
 * What can go wrong with a program that writes source files.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import { kept, saying } from '../folder/export-errors.ts'

/**
 * SLUICE-EXPORT-04: the export program could not be started.
 *
 * The operating system's reason is in the message. `export.command` names the program and its arguments, without a
 * shell: a script needs its interpreter (`[sh, export.sh]`) or the right to be executed.
 */
export class ProgramNotStartedError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-04'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, program: string, folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The export program of "${source}", ${program}, could not be started in ${folder}: ${reason}.`, {
      cause,
      remedy: 'Look at export.command of the source; no shell stands in between.',
      details: { source, program, folder },
    })
  }
}

/**
 * SLUICE-EXPORT-05: the export program failed.
 *
 * It ended with a status other than 0, or was ended by a signal. The last lines it wrote to standard error are in the
 * message. Its files are not used.
 */
export class ProgramFailedError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-05'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, end: string, output: readonly string[], note: string | undefined) {
    const because = note === undefined ? '' : ` It notes: ${note}`
    super(`The export program of "${source}" ${end}.${because}${saying(output)}`, {
      remedy: `Correct the problem that its output names and export again. ${kept}`,
      details: { source, end, output, ...(note === undefined ? {} : { note }) },
    })
  }
}

/**
 * SLUICE-EXPORT-06: the export program took too long and was stopped.
 *
 * Every process it had started was stopped with it. Give it more time with `export.timeout`, or find out what it waits
 * for.
 */
export class ProgramTimeoutError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-06'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, milliseconds: number, output: readonly string[]) {
    super(
      `The export program of "${source}" was stopped because it did not end within ${milliseconds / 1000} s.${saying(output)}`,
      {
        remedy: `Find out what it waits for, or give it more time with export.timeout. ${kept}`,
        details: { source, milliseconds, output },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-07: the export program ended while processes it had started were still running.
 *
 * They may not have written all of their files; a shell script that starts commands with `&` has to `wait` for them.
 * They were stopped.
 */
export class ProgramLeftBehindError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-07'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, output: readonly string[]) {
    super(
      `The export program of "${source}" ended while processes it had started were still running; they were stopped.${saying(output)}`,
      {
        remedy:
          'Let it wait for them (in a shell: wait). One that shall go on has to leave the process group (setsid).',
        details: { source, output },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-09: the statement of an export program cannot be read.
 *
 * It is a JSON document like `{"complete": true, "rows": {"people.csv": 1234}}`; docs/export-programs.md lists
 * everything it may say.
 */
export class UnreadableStatementError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-09'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`The statement of the export program of "${source}" cannot be read: ${reason}`, {
      remedy: 'Write a document like {"complete": true, "rows": {"people.csv": 1234}} to $SLUICE_STATEMENT.',
      details: { source },
    })
  }
}
