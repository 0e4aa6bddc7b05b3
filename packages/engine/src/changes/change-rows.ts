/**
 * Rows in which changes are read, and what they become.
 *
 * @module
 */
import type { Change, Property } from '@sluice/model'
import { recordedValues, type Session } from '@sluice/repository'
import type { ChangeFilter, Operation } from './change-filter.ts'

/** At most so many of each kind. */
export interface Sample extends ChangeFilter {
  readonly sample: number
}

export type Read = <T>(work: (session: Session) => Promise<T>) => Promise<T>

/** A change, and by what it is ordered among those of its kind: key and id of a resource, the ids of the two ends of a link. */
export interface PlacedChange {
  readonly change: Change
  readonly place: readonly [string | null, string]
}

export interface EntityRow {
  readonly operation: Operation
  readonly resource_id: string
  readonly key: string | null
  /** JSON that is read as it stands: a number of JavaScript cannot hold every one of PostgreSQL. */
  readonly before: string | null
  readonly after: string | null
  readonly drift: boolean
}

export interface LinkRow {
  readonly operation: Operation
  readonly from_id: string
  readonly to_id: string
  readonly from_key: string
  readonly to_key: string
  /** JSON that is read as it stands: a number of JavaScript cannot hold every one of PostgreSQL. */
  readonly before: string | null
  readonly after: string | null
  readonly drift: boolean
}

export function placedEntity(
  entityType: string,
  row: EntityRow,
  properties: readonly Property[],
): PlacedChange {
  return { change: entityChange(entityType, row, properties), place: [row.key, row.resource_id] }
}

export function placedLink(association: string, row: LinkRow, properties: readonly Property[]): PlacedChange {
  return { change: linkChange(association, row, properties), place: [row.from_id, row.to_id] }
}

export function entityChange(entityType: string, row: EntityRow, properties: readonly Property[]): Change {
  return {
    kind: 'entity',
    entityType,
    operation: row.operation,
    resourceId: row.resource_id,
    key: row.key,
    before: recordedValues(row.before, properties),
    after: recordedValues(row.after, properties),
    drift: row.drift,
  }
}

function linkChange(association: string, row: LinkRow, properties: readonly Property[]): Change {
  return {
    kind: 'link',
    association,
    operation: row.operation,
    from: row.from_key,
    to: row.to_key,
    before: recordedValues(row.before, properties),
    after: recordedValues(row.after, properties),
    drift: row.drift,
  }
}
