/**
 * What of a resource is looked at, as it stands in the address.
 *
 * @module
 */
export const tabs = ['attributes', 'links', 'graph', 'history'] as const
type Tab = (typeof tabs)[number]

export interface ResourceView {
  readonly tab: Tab
  /** Of the neighbourhood. */
  readonly depth: number
  readonly as: 'graph' | 'list'
}

export interface ResourceViewAddress {
  readonly tab?: Tab
  readonly depth?: number
  readonly as?: 'list'
}

export function readResourceView(address: Readonly<Record<string, unknown>>): ResourceView {
  const depth = Number(address['depth'] ?? 1)
  return {
    tab: tabs.find((tab) => tab === address['tab']) ?? 'attributes',
    depth: [1, 2, 3].includes(depth) ? depth : 1,
    as: address['as'] === 'list' ? 'list' : 'graph',
  }
}

/** Nothing of what is as usual. */
export function writeResourceView({ tab, depth, as }: ResourceView): ResourceViewAddress {
  return {
    ...(tab === 'attributes' ? {} : { tab }),
    ...(depth === 1 ? {} : { depth }),
    ...(as === 'graph' ? {} : { as }),
  }
}
