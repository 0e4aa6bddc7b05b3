/**
 * What a report says about deliveries of earlier calls.
 *
 * @module
 */
import { type Decision, holdsCommands, type OutboxOutcome } from '@sluice/agent'

const lostCommands =
  "It held the managed system's own commands, which are nowhere else: export everything and run a complete."

/** A prepared delivery that was let go, and why. */
export function droppedNotes(left: OutboxOutcome): readonly string[] {
  if (left.kind !== 'dropped') return []
  const at = left.delivery.at.slice(0, 19).replace('T', ' ')
  const note = `The delivery that was prepared at ${at} UTC was let go: ${left.reason}.`
  return holdsCommands(left.delivery) ? [`${note} ${lostCommands}`] : [note]
}

export function withNotes(decision: Decision, notes: readonly string[]): Decision {
  return notes.length === 0 ? decision : { ...decision, notes: [...notes, ...decision.notes] }
}
