/**
 * What goes along with each request to show who asks.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { Authentication } from './http-settings.ts'
import { type AskForToken, tokenRequestOf } from './token-request.ts'

/** Milliseconds before its end in which a token is not used any more. */
const margin = 60_000

export interface SentCredentials {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

const none: SentCredentials = { headers: {}, query: {} }

export class Credentials {
  readonly #authentication: Authentication
  readonly #context: Pick<ConnectorContext, 'secret'>
  readonly #ask: AskForToken
  #token: Promise<{ readonly value: string; readonly until: number }> | undefined
  readonly #known = new Set<string>()
  #latest: string | undefined

  /** `ask` makes the request for a token. */
  constructor(
    authentication: Authentication | undefined,
    context: Pick<ConnectorContext, 'secret'>,
    ask: AskForToken,
  ) {
    this.#authentication = authentication ?? { kind: 'none' }
    this.#context = context
    this.#ask = ask
  }

  async send(): Promise<SentCredentials> {
    const how = this.#authentication
    const secret = (reference: Parameters<ConnectorContext['secret']>[0]) => this.#context.secret(reference)
    switch (how.kind) {
      case 'none':
        return none
      case 'basic': {
        const pair = Buffer.from(`${String(how.user)}:${await secret(how.password)}`).toString('base64')
        return this.#header('authorization', `Basic ${pair}`)
      }
      case 'bearer':
        return this.#header('authorization', `${String(how.scheme ?? 'Bearer')} ${await secret(how.token)}`)
      case 'api-key': {
        const value = await secret(how.value)
        return how.in === 'query'
          ? { headers: {}, query: { [String(how.name)]: value } }
          : this.#header(String(how.name).toLowerCase(), value)
      }
      case 'client-credentials':
      case 'service-account':
        return this.#header('authorization', `Bearer ${await this.#currentToken(how)}`)
    }
  }

  /** Of a request that the system did not accept: forgets the token; whether there will be another one. */
  renew({ headers }: SentCredentials): boolean {
    if (this.#latest === undefined) return false
    // Somebody else may have got a new one in the meantime.
    if (headers['authorization'] === `Bearer ${this.#latest}`) this.#token = undefined
    return true
  }

  /** The text without the tokens that were used. */
  hide(text: string): string {
    return [...this.#known].reduce((hidden, token) => hidden.replaceAll(token, '***'), text)
  }

  #header(name: string, value: string): SentCredentials {
    return { headers: { [name]: value }, query: {} }
  }

  async #currentToken(how: Parameters<typeof tokenRequestOf>[0]): Promise<string> {
    const before = await this.#token?.catch(() => undefined)
    if (before !== undefined && before.until > Date.now()) return before.value
    // Whoever asks at the same time waits for the same answer.
    if (before !== undefined || this.#token === undefined) this.#token = this.#newToken(how)
    const token = await this.#token.catch((error: unknown) => {
      this.#token = undefined
      throw error
    })
    return token.value
  }

  async #newToken(how: Parameters<typeof tokenRequestOf>[0]) {
    const request = await tokenRequestOf(how, (reference) => this.#context.secret(reference))
    const { value, seconds } = await this.#ask(request)
    this.#known.add(value)
    this.#latest = value
    return { value, until: Date.now() + Math.max(seconds * 1000 - margin, 1000) }
  }
}
