import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-05: the repository has no delivery of this id.
 *
 * `sluice deliveries list --all --limit all` lists every delivery.
 */
export class UnknownDeliveryError extends SluiceError {
  readonly code = 'SLUICE-USAGE-05'
  readonly blame = 'usage'
  readonly retry = false

  constructor(delivery: string) {
    super(`There is no delivery ${delivery}.`, { remedy: 'sluice deliveries list --all' })
  }
}
