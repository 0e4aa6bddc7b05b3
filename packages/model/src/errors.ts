/**
 * The root of every error Sluice throws on purpose.
 *
 * Callers decide by `code` and `blame`, never by message text. Anything thrown that is not a
 * `SluiceError` is a defect of ours and is reported as one.
 *
 * @module
 */

/** Where an error came from decides who can mend it. */
export type Blame = 'configuration' | 'source' | 'repository' | 'usage' | 'defect'

/** A place in a text file; line and column count from 1, the column in characters. */
export interface Place {
  readonly file: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

export interface SluiceErrorOptions {
  readonly cause?: unknown
  /** What the operator can do about it: one sentence or a command. */
  readonly remedy?: string | undefined
  readonly place?: Place | undefined
  /** Facts for scripts: they appear as they are in `--json`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/**
 * `code` (`SLUICE-<AREA>-<nn>`) is stable and documented in docs/errors.md; `message` says what
 * happened in one sentence with the facts; `remedy` says what to do.
 */
export abstract class SluiceError extends Error {
  abstract readonly code: `SLUICE-${string}`
  abstract readonly blame: Blame
  /**
   * Whether the same may succeed when it is repeated later, as it is: what was in its way passes or is mended where it
   * runs, such as a server that is away, a lock or a full disk. Where it is `false`, whoever asked has to change or to
   * decide something first.
   */
  abstract readonly retry: boolean
  readonly remedy: string | undefined
  readonly place: Place | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, options: SluiceErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = new.target.name
    this.remedy = options.remedy
    this.place = options.place
    this.details = options.details
  }
}

/**
 * An error that a server answers a request with, and so says with which status. One that never crosses HTTP (an export
 * that failed, a port that is taken) is a plain `SluiceError` and need not invent any.
 */
export abstract class AnsweredError extends SluiceError {
  /** HTTP status, from 400 to 599. */
  abstract readonly status: number
}
