/**
 * What a way of deciding says of the values of affected resources: SQL over the affected resource `a`, what stands of it, `o`, and the
 * relations that it joins itself.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import type { SQL } from '@sluice/repository'

export interface Decided {
  readonly joins: readonly SQL[]
  /** A key under which a source knows the resource. */
  readonly key: SQL
  /** For the column with this name of the property; `undefined`: no source says anything of it. */
  readonly value: (property: Property, column: string) => SQL | undefined
  /** Condition: a row that this very run applies holds the property. */
  readonly isSaidNow: (property: Property) => SQL
}
