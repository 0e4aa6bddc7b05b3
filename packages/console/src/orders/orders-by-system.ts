/**
 * How orders stand, system by system.
 *
 * @module
 */
import type { OrderRecord, OrderState } from '@sluice/model'

export interface SystemOrders {
  readonly source: string
  readonly counts: Readonly<Partial<Record<OrderState, number>>>
  /** Of those that are not carried out, when the first was ordered; `null`: all are. */
  readonly oldestOpen: string | null
}

const open: readonly OrderState[] = ['pending', 'contradicted', 'overdue']

/** The one that waits longest first. */
export function ordersBySystem(orders: readonly OrderRecord[]): readonly SystemOrders[] {
  const systems = new Map<
    string,
    { counts: Partial<Record<OrderState, number>>; oldestOpen: string | null }
  >()
  for (const { source, state, orderedAt } of orders) {
    const system = systems.get(source) ?? { counts: {}, oldestOpen: null }
    system.counts[state] = (system.counts[state] ?? 0) + 1
    if (open.includes(state) && (system.oldestOpen === null || orderedAt < system.oldestOpen))
      system.oldestOpen = orderedAt
    systems.set(source, system)
  }
  return [...systems]
    .map(([source, system]) => ({ source, ...system }))
    .toSorted((a, b) => ageOf(a) - ageOf(b) || a.source.localeCompare(b.source))
}

function ageOf({ oldestOpen }: SystemOrders): number {
  return oldestOpen === null ? Number.MAX_SAFE_INTEGER : Date.parse(oldestOpen)
}

export function isOpen({ state }: Pick<OrderRecord, 'state'>): boolean {
  return state !== 'cancelled' && state !== 'superseded'
}
