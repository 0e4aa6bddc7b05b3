/**
 * Accounts of people: administered, and one's own password.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { beginSession } from '../access/begin-session.ts'
import type { Caller } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError, TooManySignInsError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function accountHandlers(context: ServerContext) {
  const { accounts, signInWaits } = context
  return {
    accounts: handler(routes.accounts, async () => ({ accounts: await accounts.list() })),

    createAccount: handler(routes.createAccount, async ({ body, caller, log }) => {
      const account = await accounts.create(body, caller.name)
      log.info({ by: caller.name, made: account.name, role: account.role }, 'account made')
      return account
    }),

    changeAccount: handler(routes.changeAccount, async ({ params, body, caller, log }) => {
      const account = await accounts.change(params.name, body, personOf(caller))
      log.info({ by: caller.name, account: account.name }, 'account changed')
      return account
    }),

    setPassword: handler(routes.setPassword, async ({ params, body, caller, log }) => {
      const account = await accounts.setPassword(params.name, body.password)
      log.info({ by: caller.name, account: account.name }, 'password set')
      return account
    }),

    deleteAccount: handler(routes.deleteAccount, async ({ params, caller, log }) => {
      const account = await accounts.remove(params.name, personOf(caller))
      log.info({ by: caller.name, account: account.name }, 'account deleted')
      return account
    }),

    changeOwnPassword: handler(routes.changeOwnPassword, async ({ body, caller, log, ...from }) => {
      if (caller.by.kind !== 'person') throw new NothingThereError('password of a token')
      // Whoever finds a browser that is signed in guesses no faster than at the door.
      const wait = signInWaits.attempt(caller.name, from.address)
      if (wait > 0) throw new TooManySignInsError(Math.ceil(wait / 1000))
      const account = await accounts.changePassword(caller.name, body)
      signInWaits.succeeded(caller.name, from.address)
      await beginSession(context, { kind: 'account', name: account.name }, from)
      log.info({ account: account.name }, 'password changed')
      return account
    }),
  }
}

/** Whose own account it may be: a token is nobody's. */
function personOf({ by, name }: Caller): { readonly person: string | undefined } {
  return { person: by.kind === 'person' ? name : undefined }
}
