/**
 * How long ago something was, by two clocks: neither alone tells it of a lock that others may take over meanwhile.
 *
 * The wall clock can be set, forward and back. The steady one cannot, is the same in all threads of a process, and stands still while the
 * machine sleeps, in which time others on other machines go on. So something counts as recent only where both say so.
 *
 * @module
 */

/** Milliseconds; of which only differences mean anything. */
export interface Clocks {
  readonly steady: number
  readonly wall: number
}

export function now(): Clocks {
  // And not performance.now(), which begins anew in each thread.
  return { steady: Number(process.hrtime.bigint()) / 1e6, wall: Date.now() }
}

/** Says whether it was less than so many milliseconds ago; `false` where the clocks contradict one another. */
export function isWithin(milliseconds: number, [steady = 0, wall = 0]: Float64Array, at: Clocks): boolean {
  const sinceWall = at.wall - wall
  return at.steady - steady < milliseconds && sinceWall >= 0 && sinceWall < milliseconds
}
