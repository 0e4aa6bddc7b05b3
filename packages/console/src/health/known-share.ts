/** Percent, whole; never 100 where one is missing, never 0 where one is known. */
export function knownShare(filled: number, all: number): number {
  if (all === 0 || filled === all) return 100
  if (filled === 0) return 0
  return Math.min(99, Math.max(1, Math.round((100 * filled) / all)))
}
