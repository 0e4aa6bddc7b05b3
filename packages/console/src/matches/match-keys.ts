/**
 * The keys by which matches are decided.
 *
 * @module
 */
export type MatchCommand =
  /** `candidate`: from 0. */
  | { readonly kind: 'link'; readonly candidate: number }
  | { readonly kind: 'create' | 'ignore' | 'skip' | 'undo' | 'next' | 'previous' }

const letters: Readonly<Record<string, Exclude<MatchCommand['kind'], 'link'>>> = {
  n: 'create',
  i: 'ignore',
  s: 'skip',
  u: 'undo',
  j: 'next',
  k: 'previous',
}

/** `undefined`: the key means nothing here. */
export function commandOf(key: string, candidates: number): MatchCommand | undefined {
  const number = /^[1-9]$/.test(key) ? Number(key) : 0
  if (number > 0) return number <= candidates ? { kind: 'link', candidate: number - 1 } : undefined
  const kind = letters[key]
  return kind && { kind }
}

/** The row behind another one, or before it; the first where it is not there. */
export function besides<Row>(
  rows: readonly Row[],
  isChosen: (row: Row) => boolean,
  step: 1 | -1,
): Row | undefined {
  const index = rows.findIndex(isChosen)
  return index < 0 ? rows[0] : rows[Math.min(Math.max(index + step, 0), rows.length - 1)]
}
