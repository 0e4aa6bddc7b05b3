/**
 * Names of entries.
 *
 * @module
 */

/** The name of the entry above; empty of one at the top. */
export function parentOf(dn: string): string {
  for (let index = 0; index < dn.length; index++) {
    if (dn[index] === '\\') index++
    else if (dn[index] === ',') return dn.slice(index + 1).trimStart()
  }
  return ''
}
