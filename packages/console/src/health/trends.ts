/**
 * How the figures of a property went, from what is kept of days before and what stands now.
 *
 * @module
 */
export interface Figures {
  readonly resources: number
  readonly properties: readonly {
    readonly property: string
    readonly filled: number
    readonly orphans: number
    readonly flapping: number
  }[]
}

export interface Trend {
  /** `2026-11-30`, the oldest first; of the last one it is what stands now. */
  readonly days: readonly string[]
  /** Percent of the resources, with one decimal; `null`: there was no resource, or the property was not there yet. */
  readonly known: readonly (number | null)[]
  readonly missing: readonly (number | null)[]
  readonly orphans: readonly (number | null)[]
  readonly flapping: readonly (number | null)[]
}

export function trendOf(
  property: string,
  history: readonly (Figures & { readonly day: string })[],
  now: Figures & { readonly day: string },
): Trend {
  const days = [...history.filter(({ day }) => day !== now.day), now]
  const found = days.map(({ resources, properties }) => {
    const of = properties.find((one) => one.property === property)
    return of === undefined ? undefined : { ...of, resources }
  })
  return {
    days: days.map(({ day }) => day),
    known: found.map((one) =>
      one === undefined || one.resources === 0 ? null : Math.round((1000 * one.filled) / one.resources) / 10,
    ),
    missing: found.map((one) => (one === undefined ? null : one.resources - one.filled)),
    orphans: found.map((one) => one?.orphans ?? null),
    flapping: found.map((one) => one?.flapping ?? null),
  }
}
