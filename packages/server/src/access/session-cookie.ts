/**
 * The cookie by which a browser says which session is its own.
 *
 * Scripts cannot read it, and browsers send it along with what our own pages ask, and nothing else. Where the connection is encrypted its name
 * makes browsers refuse one that another host, or a page without encryption, has set.
 *
 * @module
 */

import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

type Asking = Pick<FastifyRequest, 'headers' | 'protocol'>

export interface SessionCookie {
  /** @param longest Milliseconds. */
  set(secret: string, longest: number): void
  clear(): void
}

/** Whether the browser has come by HTTPS: to us, or to a proxy that we trust. */
function isEncrypted({ protocol }: Pick<FastifyRequest, 'protocol'>): boolean {
  return protocol === 'https'
}

function cookieName(base: string, request: Pick<FastifyRequest, 'protocol'>): string {
  return isEncrypted(request) ? `__Host-${base}` : base
}

const session = 'sluice_session'

export function sessionSecretIn(request: Asking): string | undefined {
  return cookieIn(request, session)
}

export function cookieIn(request: Asking, base: string): string | undefined {
  const { cookie } = request.headers
  return cookie === undefined ? undefined : parseCookie(cookie)[cookieName(base, request)]
}

export function sessionCookieOf(request: Asking, reply: Pick<FastifyReply, 'header'>): SessionCookie {
  const write = (value: string, seconds: number) =>
    setCookie(request, reply, { base: session, value, seconds, sameSite: 'strict' })
  return {
    set: (secret, longest) => write(secret, Math.floor(longest / 1000)),
    clear: () => write('', 0),
  }
}

interface NewCookie {
  readonly base: string
  readonly value: string
  readonly seconds: number
  /** `lax`: also sent when a page elsewhere leads here. */
  readonly sameSite: 'strict' | 'lax'
}

export function setCookie(
  request: Asking,
  reply: Pick<FastifyReply, 'header'>,
  { base, value, seconds, sameSite }: NewCookie,
): void {
  reply.header(
    'set-cookie',
    stringifySetCookie({
      name: cookieName(base, request),
      value,
      path: '/',
      httpOnly: true,
      secure: isEncrypted(request),
      sameSite,
      maxAge: seconds,
    }),
  )
}
