/**
 * Whether a source has become late, or has come again.
 *
 * @module
 */

export interface Watched {
  /** It is longer ago that a run of it was applied than it is expected. */
  readonly overdue: boolean
  /** Since when it has been told as late; `null`: it has not. */
  readonly lateSince: string | null
}

/** Each is told once. */
export function judgeLateness({ overdue, lateSince }: Watched): 'late' | 'recovered' | undefined {
  if (overdue && lateSince === null) return 'late'
  return !overdue && lateSince !== null ? 'recovered' : undefined
}
