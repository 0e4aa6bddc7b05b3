/**
 * Why a server does not take what is uploaded, or said of it.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-RECEIVE-07: bytes were to be appended to a delivered file at another place than its end.
 *
 * `details.size` is what has arrived; continue there, or start again at 0.
 */
export class OffsetDiffersError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-07'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, file: string, offset: number, size: number) {
    super(`${file} of delivery ${id} has ${size} bytes; nothing can be appended at ${offset}.`, {
      remedy: `Continue at ${size}, or start again at 0.`,
      details: { delivery: id, file, size },
    })
  }
}

/** SLUICE-RECEIVE-08: a delivered file is still being received by another request. Try again when that one has ended. */
export class FileAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-08'
  readonly blame = 'usage'
  readonly status = 409
  /** The server may not know yet that the other request broke off. */
  readonly retry = true

  constructor(id: string, file: string) {
    super(`${file} of delivery ${id} is being received by another request.`, {
      remedy: 'Wait until that request has ended, ask how much has arrived, and continue there.',
      details: { delivery: id, file },
    })
  }
}

/**
 * SLUICE-RECEIVE-09: a delivery is larger than this server accepts, or one of its files is larger than announced.
 * The limit is `server.limits.deliverySize`.
 */
export class DeliveryTooLargeError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-09'
  readonly blame = 'source'
  readonly status = 413
  readonly retry = false

  constructor(id: string, what: string, limit: number) {
    super(`${what} of delivery ${id} is larger than the limit of ${limit} bytes.`, {
      remedy: 'Announce the real size of the files, or raise server.limits.deliverySize.',
      details: { delivery: id, limit },
    })
  }
}

/**
 * SLUICE-RECEIVE-11: what should be a file or folder of a delivery is something else, such as a symbolic link, or
 * its name could lead out of the inbox. Somebody else wrote into the inbox folder, or an agent misbehaves.
 */
export class UnsafeDeliveryFileError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-11'
  readonly blame = 'source'
  readonly status = 400
  readonly retry = false

  constructor(id: string, file: string, what: string) {
    super(`${file} of delivery ${id} is refused: ${what}.`, {
      remedy: 'Find out which other program writes into the inbox folder; only Sluice may write there.',
    })
  }
}

/**
 * SLUICE-RECEIVE-23: the manifest of a delivery contradicts itself, so its counts cannot be believed; nothing of it was applied.
 *
 * A mapping comes twice, or the rows that were read are not those in the places where they ended. Sluice's own agent does not deliver
 * such a thing: another program wrote the manifest.
 */
export class ManifestRefusedError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-23'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(id: string, what: string) {
    super(`The manifest of delivery ${id} contradicts itself: ${what}.`, {
      remedy: 'Correct what the manifest states, or let sluice prepare make it, and deliver again.',
      details: { delivery: id },
    })
  }
}

/**
 * SLUICE-RECEIVE-24: a delivery has files of a mapping that its source does not have here; they were not taken.
 *
 * Agent and server need the same mappings. A server reads them when it starts, or is told to read them again.
 */
export class UnknownMappingError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-24'
  readonly blame = 'configuration'
  readonly status = 422
  readonly retry = false

  constructor(source: string, mapping: string) {
    super(`Source ${source} has no mapping ${mapping} here.`, {
      remedy:
        'Give agent and server the same configuration, have the server read its own again (sluice server reload), and deliver again.',
      details: { source, mapping },
    })
  }
}

/**
 * SLUICE-RECEIVE-25: one token has as much in the inbox as it may have at a time.
 *
 * The agent tries again, and so will whatever it prepares next. The limits are `server.limits.unsealedDeliveries` and
 * `server.limits.inboxSize`; `sluice deliveries` shows what waits, and for what.
 */
export class QuotaReachedError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-25'
  readonly blame = 'usage'
  readonly status = 429
  readonly retry = true

  constructor(token: string, what: string, limit: string) {
    super(`Token ${token} has ${what}.`, {
      remedy: `Wait until some of it has been applied (sluice deliveries), or raise server.limits.${limit}.`,
      details: { token, limit },
    })
  }
}
