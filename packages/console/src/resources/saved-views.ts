/**
 * Views that somebody has named. They are in this browser, apart for each repository (which is what a console's address stands for).
 *
 * @module
 */
import { type BrowseAddress, readBrowse, writeBrowse } from './browse.ts'

export interface SavedView {
  readonly name: string
  readonly address: BrowseAddress
}

type Place = Pick<Storage, 'getItem' | 'setItem'>

const keyOf = (console: string, type: string) => `sluice views ${console} ${type}`

export function readViews(place: Place, console: string, type: string): readonly SavedView[] {
  try {
    const stored: unknown = JSON.parse(place.getItem(keyOf(console, type)) ?? '[]')
    return Array.isArray(stored) ? stored.flatMap(viewIn) : []
  } catch {
    return []
  }
}

/** One of the same name is replaced. */
export function putView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...views.filter(({ name }) => name !== view.name), view].toSorted((a, b) =>
    a.name.localeCompare(b.name),
  )
}

export function storeViews(place: Place, console: string, type: string, views: readonly SavedView[]): void {
  place.setItem(keyOf(console, type), JSON.stringify(views))
}

function viewIn(stored: unknown): SavedView[] {
  if (typeof stored !== 'object' || stored === null) return []
  const { name, address = {} }: { readonly name?: unknown; readonly address?: object } = stored
  return typeof name === 'string' ? [{ name, address: writeBrowse(readBrowse({ ...address })) }] : []
}
