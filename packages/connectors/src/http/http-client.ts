/**
 * Asks a system over HTTP: shows who asks, keeps to the pace that it allows, and asks again after what may pass.
 *
 * Whatever it is told, by a link to the next page or by a redirect, it shows who asks to nobody but the system it was made for.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { millisecondsOf } from '@sluice/model'
import type { Dispatcher } from 'undici'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Answer } from './answer.ts'
import { RefusedRequestError } from './answer-errors.ts'
import { connectionProblem } from './connection-problem.ts'
import { openConnections } from './connections.ts'
import { Credentials, type SentCredentials } from './credentials.ts'
import type { HttpSettings } from './http-settings.ts'
import { Pace } from './pace.ts'
import { withQuery } from './query.ts'
import { readText } from './read-text.ts'
import { accessTokenOf, type TokenRequest } from './token-request.ts'

export interface HttpRequest {
  readonly url: URL
  /** GET when not given. */
  readonly method?: 'GET' | 'POST' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** Longest pause between two attempts, and longest that a system may ask for: milliseconds. */
const longest = { pause: 60_000, asked: 600_000 }
const mostRedirects = 5

export class HttpClient {
  /** Of the system, with its port: for people. */
  readonly host: string
  readonly #settings: HttpSettings
  readonly #context: ConnectorContext
  readonly #dispatcher: Dispatcher
  readonly #credentials: Credentials
  readonly #pace: Pace

  private constructor(settings: HttpSettings, context: ConnectorContext, dispatcher: Dispatcher) {
    this.host = new URL(settings.address).host
    this.#settings = settings
    this.#context = context
    this.#dispatcher = dispatcher
    this.#pace = new Pace(settings.limits?.requestsPerSecond)
    this.#credentials = new Credentials(settings.authentication, context, (request) => this.#token(request))
  }

  static async open(settings: HttpSettings, context: ConnectorContext): Promise<HttpClient> {
    return new HttpClient(settings, context, await openConnections(settings, context))
  }

  /** The address of a path of the system. */
  urlOf(path: string): URL {
    const { address } = this.#settings
    return this.linkOf(path === '' ? address : `${address.replace(/\/$/, '')}/${path.replace(/^\//, '')}`)
  }

  /** The address of a link that the system has given, in what it answered from `base`; throws where it leads to another system. */
  linkOf(link: string, base: URL = new URL(this.#settings.address)): URL {
    const url = URL.canParse(link, base.href) ? new URL(link, base) : undefined
    if (url?.origin === new URL(this.#settings.address).origin) return url
    const what = url === undefined ? 'what is no link' : `a link to another system, ${url.host}`
    throw new ManagedSystemError(`${this.host} gives ${what}, in place of its next page.`, {
      remedy: 'No request goes there. Look at the address of the source, and at its proxy.',
    })
  }

  /** What is answered with a status of success. Throws `ManagedSystemError`, `RefusedRequestError` where the system refuses. */
  ask(request: HttpRequest): Promise<Answer> {
    return this.#often(async () => {
      const sent = await this.#credentials.send()
      const answer = await this.#authenticated(request, sent)
      if (answer.status !== 401 || !this.#credentials.renew(sent)) return this.#judged(answer)
      return this.#judged(await this.#authenticated(request, await this.#credentials.send()))
    })
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  #judged(answer: Answer): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer
    throw new RefusedRequestError(answer, (text) => this.#credentials.hide(text))
  }

  /** Again and again, while what goes wrong may pass. */
  async #often(work: () => Promise<Answer>): Promise<Answer> {
    const { attempts = 5, pause = '1s' } = this.#settings.limits ?? {}
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        this.#context.signal.throwIfAborted()
        if (!(error instanceof ManagedSystemError) || !error.passing || attempt >= attempts) throw error
        this.#context.log(`${error.message} It is tried again.`)
        await this.#wait(error, Math.min(millisecondsOf(pause) * 2 ** (attempt - 1), longest.pause))
      }
    }
  }

  async #wait({ retryAfter }: ManagedSystemError, pause: number): Promise<void> {
    // What it asks for is meant for all requests.
    if (retryAfter !== undefined) this.#pace.rest(Math.min(retryAfter, longest.asked))
    else await sleep(pause / 2 + (Math.random() * pause) / 2, undefined, { signal: this.#context.signal })
  }

  #authenticated(request: HttpRequest, { headers, query }: SentCredentials): Promise<Answer> {
    const url = withQuery(request.url, new Map(Object.entries(query)))
    return this.#send({ ...request, url, headers: { ...request.headers, ...headers } })
  }

  async #send(request: HttpRequest, redirects = 0): Promise<Answer> {
    const { url, method = 'GET' } = request
    const found = await this.#once(request)
    const target = found.headers.get('location')
    if (found.status < 300 || found.status >= 400 || target === undefined || method !== 'GET') return found
    if (redirects === mostRedirects)
      throw new ManagedSystemError(`${found.place} leads on and on, and never to an answer.`)
    return this.#send({ ...request, url: this.linkOf(target, url) }, redirects + 1)
  }

  async #once({ url, method = 'GET', headers, body }: HttpRequest): Promise<Answer> {
    const { signal } = this.#context
    await this.#pace.turn(signal)
    const place = `${url.host}${url.pathname}`
    const most = (this.#settings.limits?.answerMegabytes ?? 100) * 1_000_000
    try {
      const answer = await this.#dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { accept: 'application/json', 'user-agent': 'Sluice', ...headers },
        body: body ?? null,
        signal,
      })
      const text = await readText(answer.body, { most, place })
      return { status: answer.statusCode, headers: headersOf(answer.headers), text, place, url }
    } catch (error) {
      signal.throwIfAborted()
      throw connectionProblem(url.host, error)
    }
  }

  /** The authority that gives tokens may be elsewhere: the request holds what it has to know, and nothing else. */
  async #token({ url, form, headers }: TokenRequest) {
    const request = {
      url: new URL(url),
      method: 'POST' as const,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }
    const answer = await this.#send(request)
    if (answer.status < 200 || answer.status >= 300)
      throw new RefusedRequestError(answer, (text) => this.#credentials.hide(text))
    return accessTokenOf(answer.place, answer.text)
  }
}

function headersOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}
