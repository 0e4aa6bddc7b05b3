/**
 * Signing in and out, and who is signed in.
 *
 * @module
 */
import type { AccessSession } from '@sluice/model'
import { routes } from '@sluice/protocol'
import type { SignedIn } from '@sluice/repository'
import { beginSession } from '../access/begin-session.ts'
import type { Caller } from '../access/caller.ts'
import { refuseForeign } from '../access/foreign-requests.ts'
import { openIdConnectPath } from '../open-id/paths.ts'
import type { ServerContext } from '../server-context.ts'
import { RequestRefusedError, TooManySignInsError, WrongSignInError } from '../server-errors.ts'
import { handler, openHandler } from './handler.ts'

export function sessionHandlers(context: ServerContext) {
  const { accounts, sessions, configuration } = context
  const { openIdConnect } = configuration.server.signIn
  return {
    signInOptions: openHandler(routes.signInOptions, async () => ({
      accounts: !(await accounts.isEmpty()),
      openIdConnect:
        openIdConnect === undefined ? null : { label: openIdConnect.label, path: openIdConnectPath },
    })),

    signIn: openHandler(routes.signIn, async ({ body, identify, log, ...from }) => {
      refuseForeign({ method: routes.signIn.method, headers: from.headers })
      const brought = 'token' in body ? 'token' : 'password'
      const who =
        'token' in body ? await byToken(context, body.token) : await byPassword(context, body, from.address)
      const caller = await beginSession(context, who, from)
      if (caller === undefined) throw new WrongSignInError(brought)
      identify(caller.by)
      log.info({ by: who.name, session: caller.session?.id }, 'signed in')
      return whoIs(caller)
    }),

    session: handler(routes.session, async ({ caller }) => whoIs(caller)),

    signOut: handler(routes.signOut, async ({ caller, cookie }) => {
      if (caller.session === undefined) return { signedOut: false }
      await sessions.end(caller.session.id, signedInAs(caller))
      cookie.clear()
      return { signedOut: true }
    }),

    sessions: handler(routes.sessions, async ({ query, caller }) => {
      if (query.all === true && !caller.permissions.includes('administer'))
        throw new RequestRefusedError('only administrators see the sessions of all', { status: 403 })
      return { sessions: await sessions.list(query.all === true ? undefined : signedInAs(caller)) }
    }),

    endSession: handler(routes.endSession, async ({ params, caller, log }) => {
      const ofAll = caller.permissions.includes('administer')
      const ended: AccessSession = await sessions.end(params.session, ofAll ? undefined : signedInAs(caller))
      log.info({ by: caller.name, of: ended.name }, 'session ended')
      return ended
    }),
  }
}

function signedInAs({ by: { kind }, name }: Caller): SignedIn {
  return { kind: kind === 'person' ? 'account' : 'token', name }
}

/** As `GET /session` answers it. */
function whoIs(caller: Caller) {
  const { name, role, sources, permissions, session = null, hasPassword } = caller
  return { name, kind: signedInAs(caller).kind, role, sources, permissions, session, hasPassword }
}

async function byToken({ tokens }: ServerContext, secret: string): Promise<SignedIn> {
  const token = await tokens.find(secret)
  if (token === undefined) throw new WrongSignInError('token')
  return { kind: 'token', name: token.name }
}

async function byPassword(
  { accounts, signInWaits }: ServerContext,
  { name, password }: { readonly name: string; readonly password: string },
  address: string,
): Promise<SignedIn> {
  const wait = signInWaits.attempt(name, address)
  if (wait > 0) throw new TooManySignInsError(Math.ceil(wait / 1000))
  const account = await accounts.verify(name, password)
  if (account === undefined) throw new WrongSignInError('password')
  signInWaits.succeeded(name, address)
  return { kind: 'account', name: account.name }
}
