/**
 * What can be wrong with a delivery.
 *
 * @module
 */
import { AnsweredError, SluiceError } from '@sluice/model'

/** SLUICE-RECEIVE-01: an announcement, upload or seal names a source that the configuration does not have. */
export class UnknownDeliverySourceError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-01'
  readonly blame = 'configuration'
  readonly status = 404
  readonly retry = false

  constructor(source: string) {
    super(`There is no source "${source}".`, { remedy: 'Name one of the sources in sluice.yaml.' })
  }
}

/** SLUICE-RECEIVE-02: an upload or seal names a delivery that was never announced, or has ended. */
export class DeliveryNotOpenError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, state: string | undefined) {
    super(
      state === undefined
        ? `Delivery ${id} was never announced.`
        : `Delivery ${id} no longer accepts files: it is ${state}.`,
      { remedy: 'Announce a new delivery.' },
    )
  }
}

/** SLUICE-RECEIVE-03: a delivered file is not the one its manifest describes; nothing of it was applied. */
export class DamagedDeliveryError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-03'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(id: string, file: string, what: string) {
    super(`${file} of delivery ${id} is damaged: ${what}.`, {
      remedy: 'Deliver it again.',
      details: { delivery: id, file },
    })
  }
}

/** SLUICE-RECEIVE-04: an initial delivery for a source whose resources are stored already. */
export class InitialRefusedError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-04'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string) {
    super(`Source ${source} holds resources already, so an initial run would store them twice.`, {
      remedy: 'Run it in mode complete.',
    })
  }
}

/**
 * SLUICE-RECEIVE-05: a delivery's files do not have the columns that the server's configuration maps.
 *
 * Agent and server need the same model and the same mappings. A server reads them when it starts: after a change of its
 * sluice.yaml, or of a file that it includes, start it again.
 */
export class ColumnsDifferError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-05'
  readonly blame = 'configuration'
  readonly status = 422
  readonly retry = false

  constructor(mapping: string, found: readonly string[], expected: readonly string[]) {
    super(
      found.length === 0
        ? `Mapping ${mapping} was not delivered.`
        : `Mapping ${mapping} was delivered with the columns ${found.join(', ')}; ${expected.join(', ')} are mapped.`,
      {
        remedy:
          'Give agent and server the same configuration, start the server again so that it reads its own, and deliver again.',
      },
    )
  }
}

/**
 * SLUICE-RECEIVE-22: a delivery holds rows of a mapping that is switched off here.
 *
 * The configuration of the server says `active: false` of it, and that of the agent does not. Nothing of the delivery was applied: give
 * both the same configuration, and start the server again so that it reads its own.
 */
export class SwitchedOffError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-22'
  readonly blame = 'configuration'
  readonly status = 422
  readonly retry = false

  constructor(mapping: string) {
    super(`Mapping ${mapping} was delivered, and is switched off here.`, {
      remedy:
        'Give agent and server the same configuration, start the server again so that it reads its own, and deliver again.',
    })
  }
}

/**
 * SLUICE-RECEIVE-06: an incremental builds on another delivery than the one that was applied last, so its
 * changes would be applied to a wrong base; nothing of it was applied. The repository was restored, a
 * delivery was lost or rejected, or the last complete kept rows that the agent does not know of. Run a complete: it compares everything,
 * and both sides agree again.
 */
export class BrokenChainError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-06'
  readonly blame = 'source'
  readonly status = 409
  readonly retry = false

  constructor(source: string, base: string | null, applied: string | null) {
    super(
      `The changes of source ${source} build on ${base === null ? 'no delivery' : `delivery ${base}`}, but ${applied === null ? 'no delivery has been applied' : `${applied} was applied last`}.`,
      { remedy: `sluice sync ${source} --mode complete` },
    )
  }
}

/**
 * SLUICE-RECEIVE-10: a delivery was announced a second time, with another source, mode or base than the first
 * time. An id stands for one delivery.
 */
export class AnnouncementDiffersError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-10'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, what: 'source' | 'mode' | 'base', first: string | null, second: string | null) {
    super(
      `Delivery ${id} was announced with ${what} ${first ?? 'none'} before, and now with ${second ?? 'none'}.`,
      {
        remedy: 'Announce a new delivery under an id of its own.',
      },
    )
  }
}

/**
 * SLUICE-RECEIVE-12: the inbox folder of this server is not the one that deliveries of the repository are in.
 *
 * All servers of one repository share one inbox folder. To change it on purpose, stop the servers, let the queue
 * run empty (or move the folder with everything in it), and start them with the new folder.
 */
export class InboxElsewhereError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-12'
  readonly blame = 'configuration'
  readonly status = 503
  readonly retry = true

  constructor(folder: string, why: string, remedy: string) {
    super(`The inbox folder ${folder} cannot be used: ${why}.`, { remedy })
  }
}

/** SLUICE-RECEIVE-13: the agent could not prepare a delivery and gave it up; the message is its reason. */
export class PreparationFailedError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-13'
  readonly blame = 'source'
  readonly retry = false

  constructor(reason: string) {
    super(reason, { remedy: 'Correct the source files or the mapping, then run again.' })
  }
}

/** SLUICE-RECEIVE-14: a delivery was announced, but its files did not arrive in time, so it was given up. */
export class DeliveryExpiredError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-14'
  readonly blame = 'source'
  readonly retry = false

  constructor(announcedAt: string) {
    super(`It was announced at ${announcedAt}, and its files never arrived.`, {
      remedy: 'Check that the agent runs and can reach the server. Its next run delivers again.',
    })
  }
}

/**
 * SLUICE-RECEIVE-16: an incremental builds on rows that were read with a former mapping.
 *
 * A mapping or the type of a property changed since the last run. Rows that are not in the incremental would keep the values of the former
 * mapping, so the next run of the source is a complete.
 */
export class ReadOtherwiseError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-16'
  readonly blame = 'source'
  readonly retry = false

  /** @param why A sentence for each mapping. */
  constructor(source: string, why: readonly string[]) {
    super(why.join(' '), { remedy: `sluice sync ${source} --mode complete`, details: { source } })
  }
}

/**
 * SLUICE-RECEIVE-15: an incremental builds on a delivery that was not applied: it was refused, rejected or cancelled, or
 * its run failed. So the incremental was not applied either; the next run of the source is a complete.
 */
export class BaseLostError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-15'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, base: string, state: string, reason: string | null) {
    const why = reason === null ? '' : `: ${reason}`
    super(
      `It builds on delivery ${base} of ${source}, which was not applied: it is ${state}${why}`.replace(
        /\.?$/,
        '.',
      ),
      {
        remedy: `sluice sync ${source} --mode complete`,
        details: { source, base },
      },
    )
  }
}

/**
 * SLUICE-RECEIVE-17: files of a delivery are not in the inbox any more, so it was given up.
 *
 * The inbox was lost (a server that was started on another machine without its disk), or an older dump of the repository was
 * restored, in which the delivery still waits. The next run of the source is a complete.
 */
export class FilesMissingError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-17'
  readonly blame = 'repository'
  readonly retry = false

  constructor(source: string, id: string, file: string) {
    super(`Delivery ${id} of ${source} cannot be applied: ${file} is missing in the inbox.`, {
      remedy: `sluice sync ${source} --mode complete`,
      details: { source, delivery: id, file },
    })
  }
}

/**
 * SLUICE-RECEIVE-21: a delivered file holds a row that is too long; nothing of the delivery was applied.
 *
 * A whole row has to be held in memory, by the database too. The limit follows from `prepare.maximumFieldSize`. Either it is larger at the
 * agent than at the server, or another program wrote the file.
 */
export class RowTooLargeError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-21'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(id: string, file: string, line: number, longest: number) {
    super(`The row at line ${line} of ${file} of delivery ${id} is longer than ${longest} bytes.`, {
      remedy:
        'Give agent and server the same prepare.maximumFieldSize; where they have it, see what writes the file, and deliver again.',
      place: { file, line },
      details: { delivery: id, file, line, longest },
    })
  }
}
