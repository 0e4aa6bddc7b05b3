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
export function ordersBySystem(
  all: readonly {
    readonly source: string
    readonly state: OrderState
    readonly count: number
    readonly oldest: string
  }[],
): readonly SystemOrders[] {
  const systems = new Map<
    string,
    { counts: Partial<Record<OrderState, number>>; oldestOpen: string | null }
  >()
  for (const { source, state, count, oldest } of all) {
    const system = systems.get(source) ?? { counts: {}, oldestOpen: null }
    system.counts[state] = count
    if (open.includes(state) && (system.oldestOpen === null || oldest < system.oldestOpen))
      system.oldestOpen = oldest
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
