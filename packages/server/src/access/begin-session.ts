/**
 * Begins the session of somebody who has just shown who he is: with a secret that nobody had before.
 *
 * @module
 */
import type { SignedIn } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'
import { type Caller, callerOfSession } from './caller.ts'
import type { SessionCookie } from './session-cookie.ts'

interface From {
  readonly address: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly cookie: SessionCookie
}

/** `undefined`: account or token is gone since it was looked at. */
export async function beginSession(
  { sessions, configuration }: Pick<ServerContext, 'sessions' | 'configuration'>,
  who: SignedIn,
  { address, headers, cookie }: From,
): Promise<Caller | undefined> {
  const { idle, longest } = configuration.server.signIn.sessions
  const userAgent = headers['user-agent']
  const { secret } = await sessions.begin(who, {
    idle,
    absolute: longest,
    address,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
  })
  const found = await sessions.find(secret)
  if (found === undefined) return undefined
  cookie.set(secret, longest)
  return callerOfSession(found)
}
