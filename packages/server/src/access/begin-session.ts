/**
 * Begins the session of somebody who has just shown who he is: with a secret that nobody had before.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import type { SessionStore, SignedIn } from '@sluice/repository'
import { type Caller, callerOfSession } from './caller.ts'
import type { SessionCookie } from './session-cookie.ts'

interface Begun {
  readonly sessions: Pick<SessionStore, 'begin' | 'find'>
  readonly configuration: Pick<Configuration, 'server'>
}

interface From {
  readonly address: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly cookie: SessionCookie
}

/** `undefined`: account or token is gone since it was looked at. */
export async function beginSession(
  { sessions, configuration }: Begun,
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
