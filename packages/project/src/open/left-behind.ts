/**
 * What a report says about deliveries of earlier calls.
 *
 * @module
 */
import { type Decision, DeliveredLaterError, holdsCommands, type OutboxOutcome } from '@sluice/agent'
import type { Inbox } from '@sluice/protocol'
import type { CallOptions } from './options.ts'

const lostCommands =
  'It held changes that the managed system gives only once. To get them back, export everything and run a complete.'

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

/** What became of what waited in the outbox. `inbox` knows the runs of what was delivered, and is to be asked when they are over. */
export async function leftNotes(
  left: OutboxOutcome | Away,
  inbox: Pick<Inbox, 'status'>,
): Promise<readonly string[]> {
  if (left.kind === 'delivered') return [await deliveredNote(left, inbox)]
  return left.kind === 'dropped' ? [droppedNote(left)] : []
}

/** The report is about what follows: what went before it is in others. */
async function deliveredNote(
  { delivery, before }: Extract<OutboxOutcome, { kind: 'delivered' }>,
  inbox: Pick<Inbox, 'status'>,
): Promise<string> {
  const [first] = before
  const [from, to] = [first && (await inbox.status(first.id)), await inbox.status(delivery.id)]
  const runs = [from, to].flatMap((status) => status?.run ?? [])
  const where = runs.length === 0 ? '' : ` (${runs.length === 1 ? 'run' : 'runs'} ${runs.join(' to ')})`
  if (first === undefined) return `The delivery that was waiting was applied first${where}.`
  return `${before.length + 1} deliveries that were waiting were applied first${where}.`
}

/** A prepared delivery that was let go, and why. */
function droppedNote(left: Extract<OutboxOutcome, { kind: 'dropped' }>): string {
  const at = left.delivery.at.slice(0, 19).replace('T', ' ')
  const count = left.behind.length
  const others =
    count === 0
      ? ''
      : ` ${count === 1 ? 'One delivery that built on it was' : `${count} deliveries that built on it were`} dropped, too.`
  const note = `The delivery that was prepared at ${at} UTC was dropped: ${left.reason.replace(/\.$/, '')}.${others}`
  return [left.delivery, ...left.behind].some(holdsCommands) ? `${note} ${lostCommands}` : note
}

export function withNotes(decision: Decision, notes: readonly string[]): Decision {
  return notes.length === 0 ? decision : { ...decision, notes: [...notes, ...decision.notes] }
}
