/**
 * Which messages a client and a server have in common.
 *
 * Each says in a header of every message which revision of the protocol it speaks; one that says nothing speaks the first. Whoever is newer
 * adapts: it knows what the older one understands. So that this stays possible,
 *
 * - a field may be added to any message: who does not know it passes over it;
 * - what may not be passed over, and a new word in an enumeration, is used only towards those who speak the revision that brought it;
 * - nothing is taken away, and nothing changes its meaning, below `oldestRevision`.
 *
 * | revision | what it brought |
 * | --- | --- |
 * | 1 | everything until both sides said what they speak |
 * | 2 | the headers; fields that a server does not know are passed over in what agents send |
 * | 3 | `audit` and `sessions` among what pruning removes |
 *
 * @module
 */

/** Spoken here. */
export const revision = 3
/** Understood here; raised when something is taken away. */
const oldestRevision = 1

/** Of requests and answers. */
export const revisionHeader = 'sluice-protocol'
/** Of answers: the version of the program, for people. */
export const versionHeader = 'sluice-version'

/** @param header What stands in the header; nobody but us writes it, so that anything else says nothing. */
export function revisionOf(header: string | null | undefined): number {
  return header !== null && header !== undefined && /^[1-9]\d{0,5}$/.test(header) ? Number(header) : 1
}

/** Whether whoever sent the header is understood here. */
export function isUnderstood(header: string | null | undefined, oldest = oldestRevision): boolean {
  return revisionOf(header) >= oldest
}
