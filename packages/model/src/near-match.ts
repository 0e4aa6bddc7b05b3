/**
 * The name a person most likely meant when they wrote one that does not exist.
 *
 * @module
 */
import { closest, distance } from 'fastest-levenshtein'

/** The candidate nearest to `wanted`; `undefined` when none is near. */
export function nearMatch(wanted: string, candidates: readonly string[]): string | undefined {
  const folded = new Map(candidates.map((candidate) => [fold(candidate), candidate]))
  if (folded.size === 0) return undefined
  const near = closest(fold(wanted), [...folded.keys()])
  const length = Math.max(fold(wanted).length, near.length)
  // Two letters swapped count as two; a third of a long name may differ.
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3))
  return distance(fold(wanted), near) <= allowed ? folded.get(near) : undefined
}

/** Without case, accents, blanks and the signs people join words with. */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}\s_-]/gu, '')
    .toLowerCase()
}
