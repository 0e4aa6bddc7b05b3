/**
 * Which part of a forest an entry lies in. DirSync tells the changes of a whole naming context, and of nothing smaller.
 *
 * @module
 */

/** The same for all spellings of a name that differ in case and blanks only. */
export function comparableName(dn: string): string {
  return dn
    .toLowerCase()
    .replaceAll(/\s*(?<!\\),\s*/g, ',')
    .replaceAll(/\s*=\s*/g, '=')
    .trim()
}

/** The naming context that holds the entry: the longest one that its name ends with. */
export function contextOf(dn: string, contexts: readonly string[]): string | undefined {
  const name = `,${comparableName(dn)}`
  return contexts
    .filter((context) => name.endsWith(`,${comparableName(context)}`))
    .sort((a, b) => b.length - a.length)[0]
}
