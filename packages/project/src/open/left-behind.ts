/**
 * What a report says about deliveries of earlier calls.
 *
 * @module
 */
import { type Decision, DeliveredLaterError, holdsCommands, type OutboxOutcome } from '@sluice/agent'
import type { CallOptions } from './project.ts'

const lostCommands =
  "It held the managed system's own commands, which are nowhere else: export everything and run a complete."

/** The server is away, and what was prepared before waits on: what comes now is put behind it. */
export interface Away {
  readonly kind: 'away'
  readonly reason: DeliveredLaterError
}

/** Delivers what waits; `away` where it has to wait on, and there is still time to ask the source again. */
export async function orAway(
  delivering: Promise<OutboxOutcome>,
  { stop, signal }: Pick<CallOptions, 'stop' | 'signal'>,
): Promise<OutboxOutcome | Away> {
  try {
    return await delivering
  } catch (error) {
    const asked = stop?.aborted === true || signal?.aborted === true
    if (!(error instanceof DeliveredLaterError) || asked) throw error
    return { kind: 'away', reason: error }
  }
}

/** A prepared delivery that was let go, and why. */
export function droppedNotes(left: OutboxOutcome | Away): readonly string[] {
  if (left.kind !== 'dropped') return []
  const at = left.delivery.at.slice(0, 19).replace('T', ' ')
  const count = left.behind.length
  const others = count === 0 ? '' : ` ${count === 1 ? 'One' : count} that built on it went with it.`
  const note = `The delivery that was prepared at ${at} UTC was let go: ${left.reason.replace(/\.$/, '')}.${others}`
  return [left.delivery, ...left.behind].some(holdsCommands) ? [`${note} ${lostCommands}`] : [note]
}

export function withNotes(decision: Decision, notes: readonly string[]): Decision {
  return notes.length === 0 ? decision : { ...decision, notes: [...notes, ...decision.notes] }
}
