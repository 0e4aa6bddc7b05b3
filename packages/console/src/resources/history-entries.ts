/**
 * A change of a resource, property by property.
 *
 * @module
 */
import type { HistoryEntry } from './use-resource.ts'
import { valueText } from './value-text.ts'

export interface ValueChange {
  readonly property: string
  readonly before: string
  readonly after: string
}

interface Changed {
  readonly before: HistoryEntry['before']
  readonly after: HistoryEntry['after']
}

/** In the order in which they are recorded; what is the same before and after is left out. */
export function valueChanges({ before, after }: Changed): readonly ValueChange[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names]
    .map((property) => ({
      property,
      before: valueText(before?.[property]),
      after: valueText(after?.[property]),
    }))
    .filter((change) => change.before !== change.after)
}

type Doer = Pick<HistoryEntry, 'by' | 'source'>

/** The source that said so, else whoever did it. */
export function whoDid({ by, source }: Doer): string {
  return source ?? by?.name ?? '–'
}

/** What was changed by runs after this one, the newest change of each property. */
export function changesAfter(history: readonly HistoryEntry[], run: number) {
  const seen = new Set<string>()
  return history
    .filter((entry) => entry.run > run)
    .flatMap((entry) =>
      valueChanges(entry).map(({ property }) => ({ property, who: whoDid(entry), run: entry.run })),
    )
    .filter(({ property }) => {
      const isNew = !seen.has(property)
      seen.add(property)
      return isNew
    })
}
