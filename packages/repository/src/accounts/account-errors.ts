/**
 * What can be asked wrongly of accounts and sessions.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** SLUICE-ACCOUNT-01: an account of this name exists; capital and small letters are the same. */
export class AccountExistsError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(name: string) {
    super(`There is already an account "${name}".`, {
      remedy: 'Choose another name, or delete that account first: sluice account list',
      details: { name },
    })
  }
}

/** SLUICE-ACCOUNT-02: no account has this name. `sluice account list` shows those there are. */
export class UnknownAccountError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-02'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(name: string) {
    super(`There is no account "${name}".`, { remedy: 'sluice account list', details: { name } })
  }
}

/**
 * SLUICE-ACCOUNT-03: the account belongs to an OpenID Connect provider.
 *
 * Its password and its role are kept there: change them at the provider. Here it can be disabled and deleted.
 */
export class ForeignAccountError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(name: string, what: 'password' | 'role') {
    super(`Account ${name} signs in through OpenID Connect, which decides about its ${what}.`, {
      remedy: `Change the ${what} at the provider.`,
      details: { name },
    })
  }
}

/**
 * SLUICE-ACCOUNT-04: the old password is wrong, so the new one was not set.
 *
 * Whoever has forgotten it asks an administrator: `sluice account set-password NAME`.
 */
export class WrongPasswordError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-04'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor() {
    super('The old password is wrong; nothing was changed.', {
      remedy: 'Type it again. An administrator can set a new one: sluice account set-password NAME',
    })
  }
}

/** SLUICE-ACCOUNT-05: no session has this id, or it is that of somebody else. */
export class UnknownSessionError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-05'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(id: string) {
    super(`There is no session ${id}.`, { remedy: 'It may be over already.', details: { id } })
  }
}

/**
 * SLUICE-ACCOUNT-06: the account is disabled.
 *
 * An administrator can enable it again: `sluice account enable NAME`. This is answered only to whoever knows the password, or was sent by the provider.
 */
export class AccountDisabledError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-06'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor(name: string) {
    super(`Account ${name} is disabled.`, {
      remedy: 'Ask an administrator to enable it.',
      details: { name },
    })
  }
}

/**
 * SLUICE-ACCOUNT-07: a person from the OpenID Connect provider has the name of another account.
 *
 * Nobody gets an account of somebody else by its name. Delete or rename the other one, or choose another claim for names (`server.signIn.openIdConnect.name`).
 */
export class AccountNameTakenError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-07'
  readonly blame = 'configuration'
  readonly status = 409
  readonly retry = false

  constructor(name: string) {
    super(`The provider calls this person "${name}", and somebody else has an account of this name.`, {
      remedy: `An administrator can delete the other account: sluice account delete ${name}`,
      details: { name },
    })
  }
}

/**
 * SLUICE-ACCOUNT-08: an administrator would keep everybody out.
 *
 * Nobody gives up his own administration (disables or deletes the own account, or takes a lesser role) where no other active account is one: only the
 * command line on the machine of the repository could let somebody in again.
 */
export class LastAdministratorError extends AnsweredError {
  readonly code = 'SLUICE-ACCOUNT-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(name: string) {
    super(`${name} is the only active administrator, and it is your own account.`, {
      remedy: 'Make another administrator first: sluice account add NAME --role admin',
      details: { name },
    })
  }
}
