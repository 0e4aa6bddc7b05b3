/**
 * What a list shows when nobody has chosen: what a resource is called, then its first properties.
 *
 * @module
 */
import type { EntityType } from '@sluice/model'

const most = 7

type Shown = Pick<EntityType, 'properties' | 'display'>

export function usualColumns({ properties, display }: Shown): readonly string[] {
  const shown = properties.filter(({ type }) => type !== 'file' && type !== 'secret').map(({ name }) => name)
  const first = typeof display === 'string' && shown.includes(display) ? [display] : []
  return [...first, ...shown.filter((name) => !first.includes(name))].slice(0, most)
}

/** By this the rows of a list lead to their pages: it always stands there. */
export function leadingColumn(type: Shown, columns: readonly string[]): string | undefined {
  const { display } = type
  return typeof display === 'string' && columns.includes(display) ? display : columns[0]
}
