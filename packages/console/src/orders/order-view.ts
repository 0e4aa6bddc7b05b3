/** Which orders are looked at, as it stands in the address. @module */
import type { OrderState } from '@sluice/model'
import { namesOf } from '../shell/names-of.ts'

export const orderStateNames = namesOf<OrderState>({
  pending: true,
  executed: true,
  contradicted: true,
  overdue: true,
  cancelled: true,
  superseded: true,
})

export interface OrderView {
  /** `undefined`: of all. */
  readonly source: string | undefined
  readonly state: OrderState | undefined
  /** Only open ones that are not carried out. */
  readonly differing: boolean
}

export interface OrderAddress {
  readonly source?: string
  readonly state?: OrderState
  readonly differing?: true
}

export function readOrderView({ source, state, differing }: Readonly<Record<string, unknown>>): OrderView {
  return {
    source: typeof source === 'string' ? source : undefined,
    state: orderStateNames.find((one) => one === state),
    differing: differing === true,
  }
}

/** Nothing of what is as usual. */
export function writeOrderView({ source, state, differing }: OrderView): OrderAddress {
  return {
    ...(source === undefined ? {} : { source }),
    ...(state === undefined ? {} : { state }),
    ...(differing ? { differing } : {}),
  }
}
