/**
 * Which sources age: of which something may have aged though nothing comes of them.
 *
 * @module
 */
import type { EntityMapping, Source } from './source.ts'

/** Whether a run that ages the source could ever find anything. */
export function ages({ status, table, entities }: Source): boolean {
  return (
    status !== 'obsolete' &&
    entities.some((mapping) => mapping.active !== false && mappingAges(mapping, table === true))
  )
}

/** Of an open table without an interval no row ever disappears by itself; a delivery has said what is gone. */
function mappingAges({ federation }: EntityMapping, isOpen: boolean): boolean {
  if (federation === undefined || federation.deletePolicy.action === 'ignore') return false
  const { fullLoadInterval, deletePolicy } = federation
  return isOpen ? fullLoadInterval > 0 : fullLoadInterval + deletePolicy.retention > 0
}
