/**
 * An order as it is typed, and as it is sent.
 *
 * @module
 */
import type { NewOrder } from '@sluice/model'

export interface TypedOrder {
  readonly kind: 'value' | 'row' | 'link'
  readonly source: string
  /** The entity type or association. */
  readonly of: string
  readonly resource: string
  /** Of a link. */
  readonly to: string
  readonly property: string
  readonly value: string
  readonly existence: 'exists' | 'gone'
  /** A local time as browsers write it, or empty. */
  readonly due: string
}

export const emptyOrder: TypedOrder = {
  kind: 'value',
  source: '',
  of: '',
  resource: '',
  to: '',
  property: '',
  value: '',
  existence: 'exists',
  due: '',
}

/** Whether all is typed that it needs. */
export function isComplete({ kind, source, of, resource, to, property }: TypedOrder): boolean {
  if (source === '' || of === '' || resource === '') return false
  return kind === 'link' ? to !== '' : kind === 'row' || property !== ''
}

export function orderOf({
  kind,
  source,
  of,
  resource,
  to,
  property,
  value,
  existence,
  due,
}: TypedOrder): NewOrder {
  const common = { source, ...(due === '' ? {} : { dueAt: new Date(due).toISOString() }) }
  switch (kind) {
    case 'link':
      return { ...common, association: of, from: resource, to, existence }
    case 'row':
      return { ...common, entityType: of, resource, existence }
    case 'value':
      return { ...common, entityType: of, resource, values: { [property]: value === '' ? null : value } }
  }
}
