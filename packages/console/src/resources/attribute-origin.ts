/**
 * Whose a value is, and why others that say something do not win.
 *
 * @module
 */
import { texts } from '../texts/texts.ts'
import type { Claim, ExplainedValue } from './use-resource.ts'
import { valueText } from './value-text.ts'

export type Origin =
  /** Nobody else may change it. */
  | { readonly kind: 'locked'; readonly source: string }
  /** A source says it, and people may change it. */
  | { readonly kind: 'unlocked'; readonly source: string }
  /** Somebody has set it, maybe over what a source says that does not lock it. */
  | { readonly kind: 'person'; readonly name: string; readonly source: string | null }
  | { readonly kind: 'nobody' }

type Owned = Pick<ExplainedValue, 'lockedBy' | 'source' | 'by' | 'value'>

export function originOf({ lockedBy, source, by, value }: Owned): Origin {
  if (lockedBy !== null) return { kind: 'locked', source: lockedBy }
  if (by !== null && value !== null) return { kind: 'person', name: by.name, source }
  if (source !== null) return { kind: 'unlocked', source }
  return { kind: 'nobody' }
}

export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'locked':
      return texts.resources.locked(origin.source)
    case 'unlocked':
      return texts.resources.unlocked(origin.source)
    case 'person':
      return origin.source === null
        ? texts.resources.byPerson(origin.name)
        : texts.resources.byPersonOver(origin.name, origin.source)
    case 'nobody':
      return texts.resources.nobody
  }
}

/** The one whose value stands, or will. */
export function winnerOf(claims: readonly Claim[]): Claim | undefined {
  return claims.find(({ standing }) => standing === 'wins' || standing === 'waits')
}

/** What sources say that is not the value: it is shown beneath it. */
export function otherClaims({
  claims,
  value,
  by,
}: Pick<ExplainedValue, 'claims' | 'value' | 'by'>): readonly Claim[] {
  return claims.filter(({ standing, says }) => {
    if (says === null) return false
    if (standing === 'shadowed' || standing === 'waits') return true
    // Somebody has set another value over it.
    if (standing === 'wins') return by !== null && says !== valueText(value)
    return standing === 'fills' && says !== valueText(value)
  })
}

/** Of one that is shown beneath the value. */
export function claimReason(claim: Claim, winner: Claim | undefined): string {
  const { standing, precedence } = claim
  if (standing === 'wins') return texts.resources.overwritten
  if (standing !== 'shadowed' || winner === undefined) return texts.resources.standings[standing]
  return winner.precedence > precedence
    ? texts.resources.lowerThan(winner.source, precedence, winner.precedence)
    : texts.resources.notHeard(winner.source)
}
