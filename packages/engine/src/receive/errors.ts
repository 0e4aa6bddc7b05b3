/**
 * What can be wrong with a delivery.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/** SLUICE-RECEIVE-01: an announcement, upload or seal names a source that the configuration does not have. */
export class UnknownDeliverySourceError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-01'
  readonly blame = 'configuration'

  constructor(source: string) {
    super(`There is no source called ${source}.`, { remedy: 'Name one of the sources in sluice.yaml.' })
  }
}

/** SLUICE-RECEIVE-02: an upload or seal names a delivery that was never announced, or is over. */
export class DeliveryNotOpenError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-02'
  readonly blame = 'usage'

  constructor(id: string, state: string | undefined) {
    super(
      state === undefined
        ? `Delivery ${id} was never announced.`
        : `Delivery ${id} takes no more files: it is ${state}.`,
      { remedy: 'Announce a new delivery.' },
    )
  }
}

/** SLUICE-RECEIVE-03: a delivered file is not the one its manifest describes; nothing of it was applied. */
export class DamagedDeliveryError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-03'
  readonly blame = 'source'

  constructor(id: string, file: string, what: string) {
    super(`${file} of delivery ${id} is damaged: ${what}.`, { remedy: 'Deliver it again.' })
  }
}

/** SLUICE-RECEIVE-04: an initial delivery for a source whose resources are stored already. */
export class InitialRefusedError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-04'
  readonly blame = 'usage'

  constructor(source: string) {
    super(`Source ${source} holds resources already, so an initial run would store them twice.`, {
      remedy: 'Run it in mode complete.',
    })
  }
}

/** SLUICE-RECEIVE-05: a delivery's files do not have the columns that the server's configuration maps. */
export class ColumnsDifferError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-05'
  readonly blame = 'configuration'

  constructor(mapping: string, found: readonly string[], expected: readonly string[]) {
    super(
      found.length === 0
        ? `Mapping ${mapping} was not delivered.`
        : `Mapping ${mapping} was delivered with the columns ${found.join(', ')}; ${expected.join(', ')} are mapped.`,
      {
        remedy: 'Give agent and server the same configuration and deliver again.',
      },
    )
  }
}

/**
 * SLUICE-RECEIVE-06: an incremental builds on another delivery than the one that was applied last, so its
 * changes would be applied to a wrong base; nothing of it was applied. The repository was restored, or a
 * delivery was lost or rejected; a complete run sets both sides right.
 */
export class BrokenChainError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-06'
  readonly blame = 'source'

  constructor(source: string, base: string | null, applied: string | null) {
    super(
      `The changes of source ${source} build on ${base === null ? 'no delivery' : `delivery ${base}`}, but ${applied === null ? 'none was applied yet' : `${applied} was applied last`}.`,
      { remedy: `sluice sync ${source} --mode complete` },
    )
  }
}
