/**
 * Sends what is due: each notification by one process, to all receivers side by side, so that one that is down holds up no other.
 *
 * @module
 */
import { type NotificationSettings, type Receiver, typeOfKind } from '@sluice/model'
import type { Database } from '@sluice/repository'
import { nextAttempt } from './outbox/next-attempt.ts'
import { dueReceivers, giveUpUnknown, type Outcome, settle, type Taken, takeNext } from './outbox/outbox.ts'
import type { Attempt } from './send/message.ts'
import { sendMessage } from './send/send-message.ts'

/** What became of one attempt. */
export interface Sent {
  readonly id: string
  readonly receiver: string
  readonly subject: string
  readonly outcome: Outcome
}

export interface SendOptions {
  /** Ends the sending: what is under way is tried again later. */
  readonly signal?: AbortSignal | undefined
  readonly onSent?: ((sent: Sent) => void) | undefined
}

/** Returns when nothing is due, or every receiver for which something is has refused one. */
export async function sendDue(
  database: Database,
  { receivers, giveUpAfter }: NotificationSettings,
  options: SendOptions = {},
): Promise<void> {
  const due = await dueReceivers(database)
  const known = due.flatMap((name) => receivers.get(name) ?? [])
  if (known.length < due.length) await giveUpUnknown(database, [...receivers.keys()], giveUpAfter)
  await Promise.all(known.map((receiver) => sendTo(database, receiver, giveUpAfter, options)))
}

/** One after the other; a receiver that refuses one is asked again later. */
async function sendTo(
  database: Database,
  receiver: Receiver,
  giveUpAfter: number,
  { signal, onSent }: SendOptions,
): Promise<void> {
  const stopped = () => signal?.aborted === true
  while (!stopped()) {
    const taken = await takeNext(database, receiver.name)
    if (taken === undefined) return
    const attempt = await sendMessage(receiver, messageOf(taken), signal)
    // Whether it was taken nobody knows: it is due again when our time with it is over.
    if (attempt.kind === 'refused' && stopped()) return
    const outcome = outcomeOf(attempt, taken, giveUpAfter)
    await settle(database, taken, outcome)
    onSent?.({ id: taken.id, receiver: receiver.name, subject: taken.content.subject, outcome })
    if (outcome.event !== 'taken') return
  }
}

function messageOf({ id, kind, content, createdAt, repetitions }: Taken) {
  return { id, type: typeOfKind(kind), at: createdAt, content, repetitions }
}

function outcomeOf(attempt: Attempt, { attempts, age }: Taken, giveUpAfter: number): Outcome {
  if (attempt.kind === 'taken') return { event: 'taken', error: attempt.problem ?? null }
  const { problem: error, retryAfter } = attempt
  const wait = nextAttempt({ attempts, age, retryAfter }, giveUpAfter)
  return wait === undefined ? { event: 'exhausted', error } : { event: 'refused', error, wait }
}
