/**
 * What a resource is linked to, by association and reference, each in its direction.
 *
 * @module
 */
import type { Reply } from '../api/ask.ts'
import { pathLabel, type ReadersLabels } from '../model/labels.ts'

export type LinkedCount = Reply<'GET /resources/:entityType/:key/link-counts'>['counts'][number]
export type Linked = Reply<'GET /resources/:entityType/:key/links/:name'>

/** What people have made, they may remove: what a source asserts goes there. */
export function isRemovable({ kind, asserted }: Pick<Linked['link'], 'kind' | 'asserted'>): boolean {
  return kind === 'association' && asserted.some(({ source }) => source === null)
}

/** By what the others are to the resource; a reference with the type that has it, where the others do. */
export function linkLabel(
  { kind, name, end }: Pick<LinkedCount, 'kind' | 'name' | 'end'>,
  labels: ReadersLabels,
): string {
  if (kind === 'association') return labels.end(name, end === 'from' ? 'to' : 'from')
  return pathLabel(name, labels)
}
