/**
 * Nothing is exported of a source that is suspended: what its system hands out once is not asked for while nobody takes it.
 *
 * @module
 */
import { DeliverySuspendedError } from '../deliver/deliver-errors.ts'
import { isTransient } from '../deliver/with-retry.ts'
import type { AgentContext } from './agent-context.ts'

/** Throws `DeliverySuspendedError`. Where the server cannot be asked, what is delivered waits there. */
export async function refuseSuspended(
  { inbox, briefInbox = inbox }: AgentContext,
  source: string,
): Promise<void> {
  const suspension = await briefInbox.chain(source).then(
    (chain) => chain.suspension ?? null,
    (error: unknown) => {
      if (isTransient(error)) return null
      throw error
    },
  )
  if (suspension !== null) throw new DeliverySuspendedError(source, suspension)
}
