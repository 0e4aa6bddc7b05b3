/**
 * Delivers what waits in the outbox as soon as the server can be reached again.
 *
 * A delivery waits when the server was away while its source was prepared, or when the agent was killed
 * in between. It is tried again with growing pauses, without waiting for the next start of a job.
 *
 * @module
 */
import type { AgentLog } from './agent-log.ts'
import type { SourceReservations } from './source-reservations.ts'

export interface WaitingDeliveries {
  /** The sources of which something waits. */
  sources(): Promise<readonly string[]>
  /** Hands over what waits, or says why it was dropped; throws when it has to wait on. */
  deliver(source: string): Promise<string | undefined>
}

export interface KeepDeliveringOptions {
  readonly waiting: WaitingDeliveries
  readonly reservations: SourceReservations
  readonly log: AgentLog
  readonly stop: AbortSignal
  /** Milliseconds before the first repetition; each pause is twice the one before. */
  readonly firstPause?: number | undefined
  readonly longestPause?: number | undefined
}

/** Until `stop`. */
export async function keepDelivering(options: KeepDeliveringOptions): Promise<void> {
  const { stop, firstPause = 5_000, longestPause = 60_000 } = options
  const reasons = new Map<string, string>()
  let pause = firstPause
  while (!stop.aborted) {
    const all = await deliverAll(options, reasons)
    pause = all ? firstPause : Math.min(pause * 2, longestPause)
    // Not all agents come back to a server in the same second.
    await pauseFor(pause * (0.75 + Math.random() / 2), stop)
  }
}

/** Why a source is not delivered, as it was logged last. */
type Reasons = Map<string, string>

/** Whether nothing waits any more. */
async function deliverAll(options: KeepDeliveringOptions, reasons: Reasons): Promise<boolean> {
  const { waiting, reservations, log, stop } = options
  try {
    let all = true
    for (const source of await waiting.sources()) {
      // Whoever works on a source delivers what waits first.
      if (stop.aborted || reservations.busy([source]).length > 0) continue
      all = (await deliverOne(options, source, reasons)) && all
    }
    return all
  } catch (error) {
    log.error({ err: error }, 'the outbox cannot be read')
    return false
  }
}

async function deliverOne(
  { waiting, reservations, log, stop }: KeepDeliveringOptions,
  source: string,
  reasons: Reasons,
): Promise<boolean> {
  try {
    const reason = await reservations.run([source], stop, () => waiting.deliver(source))
    if (reason === undefined) log.info({ source }, 'what waited was delivered')
    else log.warn({ source, reason }, 'what waited was dropped')
    reasons.delete(source)
    return true
  } catch (error) {
    if (stop.aborted) return false
    const reason = error instanceof Error ? error.message : String(error)
    const reported = reasons.get(source) === reason
    reasons.set(source, reason)
    log[reported ? 'debug' : 'warn']({ source, reason }, 'what waits is not delivered yet')
    return false
  }
}

async function pauseFor(milliseconds: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    stop.addEventListener('abort', done)
  })
}
