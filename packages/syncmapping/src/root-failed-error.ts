/**
 * What ends the evaluation of one root.
 *
 * @module
 */
import { type Place, SluiceError } from '@sluice/model'

/** Each with what it means. */
export type Problem =
  /** A cross-reference names a CI that nothing specifies. */
  | 'CROSSREF_UNRESOLVED'
  /** The class is not in the class model. */
  | 'UNKNOWN_CLASS'
  /** The class has no CIs of its own, only those of classes that extend it. */
  | 'CLASS_ABSTRACT'
  /** The class is neither the target's nor one that extends it. */
  | 'CLASS_MISMATCH'
  /** An attribute is asked of something that has none, such as none. */
  | 'NO_ATTRIBUTES'
  /** An attribute is set on what cannot have any: a node, an external CI, a cross-reference. */
  | 'NOT_ASSIGNABLE'
  /** A value is not of the type that is needed there. */
  | 'TYPE'
  /** An element or a row is asked for that is not there. */
  | 'MISSING_ELEMENT'
  /** A CI has no key. */
  | 'KEY_MISSING'
  /** An end of a relationship, or what it impacts, is no CI of it. */
  | 'NOT_A_CI'
  /** An end of a relationship is of a class that its class does not join. */
  | 'END_MISMATCH'
  /** A regular expression that is made while a body runs cannot be run. */
  | 'REGEX'
  /** A text is no XML, or an XPath cannot be evaluated. */
  | 'XML'
  /** A number is divided by zero. */
  | 'DIVISION_BY_ZERO'
  /** A function needs what this run does not give it. */
  | 'UNAVAILABLE'
  /** A list holds itself, or a value is larger than there is room for. */
  | 'TOO_LARGE'
  /** The source graph or the target could not be asked. */
  | 'SURROUNDINGS'

/**
 * SLUICE-MAPPING-01: a syncmapping could not be evaluated for one root.
 *
 * `details.problem` says what kind of mistake stopped it, the place which statement. Nothing of this root is applied; other roots are not
 * affected. An error in the mapping or in the data of the root is permanent; an error of the source graph or the target (`SURROUNDINGS`) is
 * temporary.
 */
export class RootFailedError extends SluiceError {
  readonly code = 'SLUICE-MAPPING-01'
  readonly blame: SluiceError['blame'] = 'configuration'
  readonly retry: boolean

  readonly problem: Problem

  constructor(problem: Problem, message: string, place?: Place, cause?: SluiceError) {
    const remedy = cause === undefined ? 'Correct the mapping, or the data of this root.' : cause.remedy
    super(message, { place, details: { problem }, remedy, cause })
    this.problem = problem
    if (cause !== undefined) this.blame = cause.blame
    this.retry = cause?.retry ?? false
  }

  /** The same, with the place if none is known yet. */
  at(place: Place): RootFailedError {
    if (this.place !== undefined) return this
    const cause = this.cause instanceof SluiceError ? this.cause : undefined
    return new RootFailedError(this.problem, this.message, place, cause)
  }
}

/** What was thrown, as the failure of a root; `undefined`: it is none, but a mistake of our own. */
export function asRootFailure(error: unknown): RootFailedError | undefined {
  if (error instanceof RootFailedError) return error
  if (error instanceof SluiceError)
    return new RootFailedError('SURROUNDINGS', error.message, undefined, error)
  // Neither a stack nor a text has room without end.
  if (error instanceof RangeError) return new RootFailedError('TOO_LARGE', 'This value is too large.')
  return undefined
}
