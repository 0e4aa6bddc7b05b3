/**
 * Sends a message to a receiver, once and within a time.
 *
 * @module
 */
import { type Receiver, SluiceError } from '@sluice/model'
import type { Attempt, Message } from './message.ts'
import { printableProblem } from './printable-problem.ts'

/** Milliseconds for one attempt, whatever the receiver does. */
const attemptTime = 15_000

/** Never throws. `stop`: ends the attempt, of which then nobody knows whether it was taken. */
export async function sendMessage(
  { address }: Pick<Receiver, 'address'>,
  message: Message,
  stop?: AbortSignal,
): Promise<Attempt> {
  const timeout = AbortSignal.timeout(attemptTime)
  const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop])
  try {
    // Only who sends something needs to load what it takes.
    if (address.kind === 'email') {
      const { sendEmail } = await import('./send-email.ts')
      return await sendEmail(address, message, { signal, timeout })
    }
    const { postWebhook } = await import('./post-webhook.ts')
    return await postWebhook(address, message, { signal, timeout })
  } catch (error) {
    // A defect of ours is no reason to lose what is to be told: it waits for a better version.
    const what = error instanceof SluiceError ? error.message : `SLUICE-DEFECT: ${String(error)}`
    return { kind: 'refused', problem: printableProblem(what, []) }
  }
}
