/**
 * What can be wrong with deliveries that wait, were put aside, or are cancelled and released.
 *
 * @module
 */
import { AnsweredError, type DeliveryState, SluiceError } from '@sluice/model'

/**
 * SLUICE-RECEIVE-18: a delivery cannot be cancelled: it has ended, its run is in progress, or its run is held.
 *
 * A held run is rejected with `sluice runs reject`, after which its source can run again.
 */
export class DeliveryNotWaitingError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-18'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, state: DeliveryState, run: number | null) {
    const atWork = state === 'ready' || state === 'announced'
    super(`Delivery ${id} cannot be cancelled: ${atWork ? 'its run is in progress' : `it is ${state}`}.`, {
      remedy:
        state === 'held' && run !== null
          ? `sluice runs reject ${run}`
          : `Look at its result: sluice deliveries show ${id}`,
      details: { delivery: id, state, run },
    })
  }
}

/**
 * SLUICE-RECEIVE-19: processes died during the run of a delivery, so it was put aside instead of being tried again.
 *
 * They were killed (by a person, by the system because of too little memory, with their pod) or crashed. One that was asked to stop does
 * not count, nor does
 * what passes: a full disk, a database that is away. Nothing of the delivery was applied. `sluice deliveries show` lists its files, which
 * are in the inbox. If the delivery was not the cause, release it: it gets two more tries. Otherwise cancel it. A later complete of the
 * source replaces it; until then, deliveries that build on it wait.
 */
export class PutAsideError extends SluiceError {
  readonly code = 'SLUICE-RECEIVE-19'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, id: string, deaths: number) {
    super(
      `Delivery ${id} of ${source} was put aside: ${deaths} processes died during its run. Nothing of it was applied.`,
      {
        remedy: `sluice deliveries show ${id}, then sluice deliveries release ${id}, or cancel ${id}; or sluice sync ${source} --mode complete`,
        details: { source, delivery: id, deaths },
      },
    )
  }
}

/** SLUICE-RECEIVE-20: a delivery cannot be released, because it was not put aside. */
export class DeliveryNotAsideError extends AnsweredError {
  readonly code = 'SLUICE-RECEIVE-20'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, state: DeliveryState) {
    super(`Delivery ${id} cannot be released: it was not put aside, it is ${state}.`, {
      remedy: `Look at its result: sluice deliveries show ${id}`,
      details: { delivery: id, state },
    })
  }
}
