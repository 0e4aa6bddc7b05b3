/**
 * Why no incremental can be made: what it would build on is not there, or not what it was. Each of these
 * refuses the delivery, because changes against a wrong base are wrong changes; a complete needs no base.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

const remedy = (source: string): string =>
  `Run a complete, which needs no reference: sluice sync ${source} --mode complete`

/** Common to all of them, so that `auto` can go on with a complete. */
export abstract class BrokenReferenceError extends SluiceError {
  readonly blame = 'source'
}

/**
 * SLUICE-PREPARE-11: an incremental has no file to compare with.
 *
 * Nothing of this source, or of this mapping, was delivered yet, or the file was removed from the state
 * folder. Run a complete; incrementals build on it.
 */
export class MissingReferenceError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-11'
  readonly retry = false

  constructor(source: string, path: string) {
    super(
      `There is no reference of "${source}" (${path}), so the changes since its last delivery cannot be computed.`,
      { remedy: remedy(source), details: { source, file: path } },
    )
  }
}

/**
 * SLUICE-PREPARE-13: a reference file is not the one Sluice wrote.
 *
 * Somebody edited or replaced it, or the disk lost some of it. So the changes since the last delivery cannot be computed. Run a complete.
 */
export class TamperedReferenceError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-13'
  readonly retry = false

  constructor(source: string, path: string, why: string, cause?: unknown) {
    super(
      `The reference of "${source}", ${path}, is not the file that was written after the last delivery: ${why}.`,
      { cause, remedy: remedy(source), details: { source, file: path } },
    )
  }
}

/**
 * SLUICE-PREPARE-14: a mapping has other columns than when its reference file was written.
 *
 * The values of a column that is newly mapped are in no earlier delivery. Run a complete after each change
 * of a mapping.
 */
export class OtherColumnsError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-14'
  readonly retry = false

  constructor(source: string, mapping: string, before: readonly string[], now: readonly string[]) {
    super(
      `The mapping "${mapping}" of "${source}" has the columns ${now.join(', ')}; its reference file has ${before.join(', ')}.`,
      { remedy: remedy(source), details: { source, mapping, before, now } },
    )
  }
}

/**
 * SLUICE-PREPARE-30: a mapping reads its rows in another way than when its reference file was written.
 *
 * A format was changed, a property has another type, is now required or allows other values, or a reference is looked up by another
 * property. Unchanged rows would keep the values of the former mapping. Run a complete, which reads all of them
 * again.
 */
export class OtherReadingError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-30'
  readonly retry = false

  constructor(source: string, mapping: string, differences: readonly string[]) {
    super(`The mapping of ${mapping} changed since the last delivery: ${differences.join('; ')}.`, {
      remedy: remedy(source),
      details: { source, mapping, differences },
    })
  }
}

/**
 * SLUICE-PREPARE-15: another delivery was made between the announcement of an incremental and its preparation.
 *
 * The incremental named one base and would have been computed against another. Announce it again.
 */
export class MovedReferenceError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-15'
  readonly retry = true

  constructor(announced: string, found: string) {
    super(
      `The incremental was announced on delivery ${announced}, but the reference is now the one of ${found}.`,
      { remedy: 'Announce it again.', details: { announced, found } },
    )
  }
}

/**
 * SLUICE-PREPARE-16: the reference files are not what was delivered last.
 *
 * A prepared file was changed by hand and delivered as it was. No file here has what the repository holds since then, so changes cannot be
 * computed. Run a complete; later incrementals build on it.
 */
export class OutdatedReferenceError extends BrokenReferenceError {
  readonly code = 'SLUICE-PREPARE-16'
  readonly retry = false

  constructor(source: string, why: string) {
    super(`The reference of "${source}" is not what was delivered last: ${why.replace(/\.$/, '')}.`, {
      remedy: remedy(source),
      details: { source },
    })
  }
}
