/**
 * Where `related.host` and `related.detailContainer` look.
 *
 * @module
 */
import type { Spec } from '../tree/tree.ts'

const anything: Spec = { role: undefined, relationship: undefined, otherRole: undefined, kind: undefined }

export const toHost: Spec = { ...anything, otherRole: 'Host', kind: 'Host' }
export const toContainer: Spec = { ...anything, otherRole: 'ElementWithDetail' }
