import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-03: no resource of this type has this key, this name or this id, and none that was deleted had this key or id.
 *
 * A resource is found by the key a source gives it, by its display property, or by its resource id.
 * A deleted resource is found by its key or id, and its history is shown.
 */
export class UnknownResourceError extends SluiceError {
  readonly code = 'SLUICE-USAGE-03'
  readonly blame = 'usage'
  readonly retry = false

  /** `among`: `explain` finds what was deleted, too. */
  constructor(entityType: string, key: string, among: 'all' | 'stored' = 'all') {
    const deleted = among === 'all' ? ', and none of this key or id was deleted' : ''
    super(`There is no ${entityType} "${key}"${deleted}.`, {
      remedy: `sluice resources ${entityType}`,
    })
  }
}
