/**
 * What can be wrong with an outbox.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-DELIVER-04: a file in the outbox is not the one that was prepared.
 *
 * Its size or checksum is not the one in delivery.json: it was edited, replaced or lost. Export everything again with
 * `sluice sync SOURCE --mode complete`; or, where it was changed on purpose, deliver it as it is with
 * `sluice deliver SOURCE --as-they-are`.
 */
export class ChangedOutboxError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-04'
  readonly blame = 'usage'
  readonly retry = false

  /** @param source Where the file is there: whose outbox can be delivered with it. */
  constructor(path: string, what: string, options: ErrorOptions & { readonly source?: string } = {}) {
    const { source, ...rest } = options
    const anew = `Export everything again: sluice sync ${source} --mode complete`
    const onPurpose = `; or, if the file was changed on purpose: sluice deliver ${source} --as-they-are`
    super(`${path} was changed after it had been prepared: ${what}.`, {
      ...rest,
      remedy: source === undefined ? 'Prepare the source again.' : `${anew}${onPurpose}`,
      details: { file: path },
    })
  }
}

/**
 * SLUICE-DELIVER-05: nothing is prepared for this source, so there is nothing to deliver.
 *
 * What was prepared last has been delivered, or was refused and dropped.
 */
export class NothingPreparedError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-05'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string) {
    super(`Nothing is prepared for "${source}".`, {
      remedy: `Prepare it first: sluice prepare ${source}; or all stages: sluice sync ${source}`,
      details: { source },
    })
  }
}

/**
 * SLUICE-DELIVER-14: `delivery.json`, the file that describes a delivery in the outbox, cannot be read: it is empty, broken or was edited.
 *
 * `sluice sync` moves it aside as `delivery.json.broken` and exports everything again. The next run of a source that delivers incrementals
 * is then a complete one, because the lost delivery may have held changes that the managed system gives only once.
 */
export class UnreadableNoteError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-14'
  readonly blame = 'usage'
  readonly retry = false
  readonly path: string

  constructor(path: string, source: string, cause: unknown) {
    super(`The file ${path}, which describes what waits to be delivered, cannot be read.`, {
      cause,
      remedy: `This moves it aside and exports everything again: sluice sync ${source}`,
      details: { file: path, source },
    })
    this.path = path
  }
}
