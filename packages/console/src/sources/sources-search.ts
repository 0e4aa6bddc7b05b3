/**
 * What addresses of sources say: what is not understood is passed over.
 *
 * @module
 */
import type { ReplicaStatus } from '@sluice/model'
import { oneOf, textIn } from '../runs/runs-search.ts'
import { namesOf } from '../shell/names-of.ts'
import { ageIn } from './age.ts'

export const sourceTabs = [
  'overview',
  'definition',
  'connection',
  'replicas',
  'runs',
  'deliveries',
  'left-out',
] as const
export type SourceTab = (typeof sourceTabs)[number]
export const replicaStatusNames = namesOf<ReplicaStatus>({
  new: true,
  synchronized: true,
  modified: true,
  orphan: true,
  obsolete: true,
})

export interface SourceSearch {
  readonly tab?: SourceTab | undefined
  /** Of replicas. */
  readonly type?: string | undefined
  readonly status?: ReplicaStatus | undefined
  readonly errors?: boolean | undefined
  /** Only those not seen for so long, as `30d`. */
  readonly unseen?: string | undefined
  /** Of deliveries: only those that are not over. */
  readonly open?: boolean | undefined
  /** Of columns that were discovered: only those that no mapping names. */
  readonly unmapped?: boolean | undefined
}

export function sourceSearch(search: Readonly<Record<string, unknown>>): SourceSearch {
  const flag = (value: unknown) => (value === true || value === 'true' ? true : undefined)
  return {
    tab: oneOf(sourceTabs, search['tab']),
    type: textIn(search['type']),
    status: oneOf(replicaStatusNames, search['status']),
    errors: flag(search['errors']),
    unseen: ageIn(search['unseen']),
    open: flag(search['open']),
    unmapped: flag(search['unmapped']),
  }
}
