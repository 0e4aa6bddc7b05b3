/**
 * Why a source is not sent now.
 *
 * @module
 */
import { SluiceError, type Source } from '@sluice/model'

/**
 * SLUICE-DELIVER-02: an initial was asked for, and the repository holds resources of the source already.
 *
 * An initial inserts without comparing, so everything would be stored twice. Run a complete.
 */
export class SourceNotEmptyError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string) {
    super(
      `The repository holds resources of "${source}" already, so an initial run would store them twice.`,
      {
        remedy: `sluice sync ${source} --mode complete`,
        details: { source },
      },
    )
  }
}

/**
 * SLUICE-DELIVER-17: a source has nothing to deliver: it maps nothing, or every mapping of it is switched off.
 *
 * Switch one on, or take the source out of the jobs that run it. A whole source rests while it is suspended.
 */
export class NothingMappedError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-17'
  readonly blame = 'configuration'
  readonly retry = false

  constructor({ name, entities, associations }: Source) {
    const maps = entities.length + associations.length > 0
    super(maps ? `Every mapping of "${name}" is switched off.` : `The source "${name}" maps nothing.`, {
      remedy: maps
        ? `Take \`active: false\` out of one of them. The whole source rests with: sluice source suspend ${name}`
        : 'Add entities or associations to it.',
      details: { source: name },
    })
  }
}

/**
 * SLUICE-DELIVER-06: another process exports, prepares or delivers this source at this moment.
 *
 * Wait for it to end. When it was killed, its lock goes with it, at the latest 20 seconds later.
 */
export class SourceBusyError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-06'
  readonly blame = 'usage'
  readonly retry = true

  constructor(source: string, holder: string, lock?: string) {
    super(`The source "${source}" is being synchronized by ${holder}.`, {
      remedy: `Wait until it has ended.${lock === undefined ? '' : ` Its lock is ${lock}.`}`,
      details: { source, ...(lock === undefined ? {} : { lock }) },
    })
  }
}
