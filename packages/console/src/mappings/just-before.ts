/** A text that stands before all that begin so, and behind nearly all others, in the order of code points. @module */
export function justBefore(start: string): string | undefined {
  const last = start.codePointAt(start.length - 1)
  if (last === undefined || last === 0) return undefined
  return `${start.slice(0, -1)}${String.fromCodePoint(last - 1)}\u{ffff}`
}
