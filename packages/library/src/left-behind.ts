/**
 * What a report says about deliveries of earlier calls.
 *
 * @module
 */
import type { Decision, OutboxOutcome } from '@sluice/agent'

/** A prepared delivery that was let go, and why. */
export function droppedNotes(left: OutboxOutcome): readonly string[] {
  if (left.kind !== 'dropped') return []
  return [`The delivery that was prepared at ${left.delivery.at} was let go: ${left.reason}.`]
}

export function withNotes(decision: Decision, notes: readonly string[]): Decision {
  return notes.length === 0 ? decision : { ...decision, notes: [...notes, ...decision.notes] }
}
