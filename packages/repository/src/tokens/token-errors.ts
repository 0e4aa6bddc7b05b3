/**
 * What can be asked wrongly of tokens.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** SLUICE-TOKEN-01: a token of this name exists. Revoke it first, or choose another name. */
export class TokenExistsError extends AnsweredError {
  readonly code = 'SLUICE-TOKEN-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(name: string) {
    super(`There is already a token "${name}".`, {
      remedy: `Choose another name, or revoke it first: sluice token revoke ${name}`,
      details: { name },
    })
  }
}

/** SLUICE-TOKEN-02: no token has this name. `sluice token list` shows those there are. */
export class UnknownTokenError extends AnsweredError {
  readonly code = 'SLUICE-TOKEN-02'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(name: string) {
    super(`There is no token "${name}".`, { remedy: 'sluice token list', details: { name } })
  }
}

/**
 * SLUICE-TOKEN-03: the role, the sources and the end of the token do not fit together.
 *
 * An agent's token names the sources it may deliver; the tokens of other roles reach all sources and
 * name none. A token expires in the future, or never.
 */
export class TokenRefusedError extends AnsweredError {
  readonly code = 'SLUICE-TOKEN-03'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(name: string, reason: string, remedy: string) {
    super(`Token ${name} was not made: ${reason}.`, { remedy, details: { name } })
  }
}
