/**
 * Sends what is due: each notification by one process, to all receivers side by side, so that one that is down holds up no other.
 *
 * @module
 */
import { groupBy, type NotificationSettings, type Receiver, typeOfKind } from '@sluice/model'
import type { Database } from '@sluice/repository'
import { nextAttempt } from './outbox/next-attempt.ts'
import { giveUpUnknown, type Outcome, readWaiting, settle, type Taken, take } from './outbox/outbox.ts'
import type { Pauses, Waiting } from './outbox/pauses.ts'
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
  pauses: Pauses,
  options: SendOptions = {},
): Promise<void> {
  const resting = new Set<string>()
  while (options.signal?.aborted !== true) {
    const waiting = await readWaiting(database)
    const due = groupBy(
      pauses.due(waiting).filter(({ receiver }) => receivers.has(receiver) && !resting.has(receiver)),
      ({ receiver }) => receiver,
    )
    // Another process may know them: until their time is over they are left to it.
    const unknown = waiting.filter(({ receiver }) => !receivers.has(receiver))
    await giveUpUnknown(database, pauses.olderThan(giveUpAfter, unknown))
    if (due.size === 0) return
    await Promise.all(
      [...due].map(async ([name, notifications]) => {
        const receiver = receivers.get(name)
        const goesOn =
          receiver !== undefined && (await sendTo(database, receiver, notifications, giveUpAfter, options))
        if (!goesOn) resting.add(name)
      }),
    )
  }
}

/** One after the other; `false`: the receiver refused one, and is asked again later, or all of them were taken by others. */
async function sendTo(
  database: Database,
  receiver: Receiver,
  due: readonly Waiting[],
  giveUpAfter: number,
  { signal, onSent }: SendOptions,
): Promise<boolean> {
  const stopped = () => signal?.aborted === true
  let sent = 0
  for (const one of due) {
    if (stopped()) return false
    const taken = await take(database, one)
    if (taken === undefined) continue
    const attempt = await sendMessage(receiver, messageOf(taken), signal)
    // Whether it was taken nobody knows: it is due again when our time with it is over.
    if (attempt.kind === 'refused' && stopped()) return false
    const outcome = outcomeOf(attempt, taken, giveUpAfter)
    await settle(database, taken, outcome)
    onSent?.({ id: taken.id, receiver: receiver.name, subject: taken.content.subject, outcome })
    if (outcome.event !== 'taken') return false
    sent += 1
  }
  return sent > 0
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
