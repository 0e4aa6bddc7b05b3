/**
 * Files of a web server, by HTTP.
 *
 * Credentials go to the server that is named, and to no other that it sends us on to.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { Agent, type Dispatcher, request } from 'undici'
import type { ConnectorContext } from '../contract/connector.ts'
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'
import type { PlaceOptions } from './options.ts'
import type { Place, PlacedFile } from './place.ts'

type Answer = Dispatcher.ResponseData

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const mostRedirects = 5

/** Milliseconds without a byte, after which a server has failed. */
const silence = 120_000

export async function openHttp(options: PlaceOptions, context: ConnectorContext): Promise<Place> {
  const { certificateAuthority } = options.http ?? {}
  const ca =
    certificateAuthority === undefined
      ? undefined
      : await readFile(context.resolvePath(certificateAuthority), 'utf8')
  const agent = new Agent(ca === undefined ? {} : { connect: { ca } })
  return new HttpPlace(new URL(options.from), await authorization(options, context), {
    agent,
    signal: context.signal,
  })
}

async function authorization(
  { user, password, http }: PlaceOptions,
  context: ConnectorContext,
): Promise<Readonly<Record<string, string>>> {
  if (http?.token !== undefined) return { authorization: `Bearer ${await context.secret(http.token)}` }
  if (user === undefined && password === undefined) return {}
  const secret = password === undefined ? '' : await context.secret(password)
  return { authorization: `Basic ${Buffer.from(`${user ?? ''}:${secret}`).toString('base64')}` }
}

interface Surroundings {
  readonly agent: Agent
  readonly signal: AbortSignal
}

class HttpPlace implements Place {
  readonly name: string
  readonly facts: Readonly<Record<string, string>>
  readonly #from: URL
  readonly #headers: Readonly<Record<string, string>>
  readonly #with: Surroundings

  constructor(from: URL, headers: Readonly<Record<string, string>>, surroundings: Surroundings) {
    this.#from = from
    this.#headers = headers
    this.#with = surroundings
    this.name = from.origin
    this.facts = { server: from.origin }
  }

  async list(): Promise<undefined> {
    return undefined
  }

  async find(name: string): Promise<PlacedFile | undefined> {
    const answer = await this.#ask(name, 'HEAD')
    await answer.body.dump()
    const { statusCode: status } = answer
    if (status === 404 || status === 410) return undefined
    // Not every server knows this question; what is there shows when it is read.
    if (status === 405 || status === 501)
      return { name, version: undefined, size: undefined, modified: undefined }
    this.#refuse(name, answer)
    const length = header(answer, 'content-length')
    const modified = header(answer, 'last-modified')
    return {
      name,
      version: header(answer, 'etag') ?? (modified === undefined ? undefined : `${modified} ${length ?? ''}`),
      size: length === undefined ? undefined : Number(length),
      modified: modified === undefined ? undefined : Date.parse(modified),
    }
  }

  pathOf(): undefined {
    return undefined
  }

  async *read({ name }: PlacedFile): AsyncGenerator<Uint8Array, void, undefined> {
    const answer = await this.#ask(name, 'GET')
    this.#refuse(name, answer)
    if (answer.statusCode !== 200)
      throw new ManagedSystemError(
        `${this.#urlOf(name)} answers with ${answer.statusCode} in place of the file.`,
      )
    if (answer.body === null) return
    try {
      for await (const chunk of answer.body) if (chunk instanceof Uint8Array) yield chunk
    } catch (error) {
      this.#with.signal.throwIfAborted()
      throw new ManagedSystemError(`${this.#urlOf(name)} broke off: ${whyOf(error)}.`, {
        passing: true,
        cause: error,
      })
    }
  }

  #urlOf(name: string): URL {
    const url = new URL(name, this.#from)
    if (url.origin === this.#from.origin) return url
    throw new ManagedSystemError(`${name} lies on another server than ${this.#from.origin}.`, {
      remedy: 'Name that server as from, in a source of its own.',
    })
  }

  async #ask(name: string, method: 'GET' | 'HEAD'): Promise<Answer> {
    let url = this.#urlOf(name)
    for (let sent = 0; ; sent++) {
      const answer = await this.#once(url, method)
      const to = header(answer, 'location')
      if (!redirects.has(answer.statusCode) || to === undefined) return answer
      await answer.body.dump()
      const next = new URL(to, url)
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw new ManagedSystemError(`${url} sends on to ${next.origin}, which is not encrypted.`)
      if (sent === mostRedirects) throw new ManagedSystemError(`${url} sends on again and again.`)
      url = next
    }
  }

  async #once(url: URL, method: 'GET' | 'HEAD'): Promise<Answer> {
    const { agent: dispatcher, signal } = this.#with
    const headers = url.origin === this.#from.origin ? this.#headers : {}
    try {
      return await request(url, { method, headers, dispatcher, signal, reset: false, bodyTimeout: silence })
    } catch (error) {
      signal.throwIfAborted()
      const { hostname, port, protocol } = url
      throw connectionFailure(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`, causeOf(error))
    }
  }

  #refuse(name: string, answer: Answer): void {
    const { statusCode: status } = answer
    if (status < 400) return
    answer.body.destroy()
    const place = this.#urlOf(name)
    if (status === 401 || status === 403)
      throw new ManagedSystemError(`${place} may not be read: it answers with ${status}.`, {
        remedy: 'Look at user and password, or at http: {token}, and at the rights there.',
      })
    throw new ManagedSystemError(`${place} answers with ${status}.`, {
      remedy: status === 404 ? 'Look at from and path.' : undefined,
      passing: status === 408 || status === 429 || status >= 500,
      retryAfter: retryAfterOf(header(answer, 'retry-after')),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#with.agent.destroy()
  }
}

function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** What undici says is only that it failed. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error
}

function whyOf(error: unknown): string {
  const cause = causeOf(error)
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
}

/** Milliseconds of a number of seconds, or of an instant. */
function retryAfterOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  const milliseconds = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}
