/**
 * The connections of an agent or a command line to one server: kept open, with the certificates they trust.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { readText } from '@sluice/files'
import {
  type Call,
  type Client,
  callerHeaders,
  checkRevision,
  type FetchAnswer,
  type FetchInit,
  openClient,
  pathOf,
  type Route,
  readAnswer,
  refusal,
  UnreachableServerError,
} from '@sluice/protocol'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import { UnreadableServerFileError } from './deliver-errors.ts'
import { PieceSize } from './piece-size.ts'
import { ServerAddressError, UnusableTokenError } from './server-link-errors.ts'

export interface ServerLinkOptions {
  /** Address of the server. */
  readonly server: string
  readonly token?: string | undefined
  /** Bytes of a file that go in one request, as long as nobody on the way wants less. */
  readonly piece?: number | undefined
  /** Path of a PEM file, trusted besides the public authorities. */
  readonly certificateAuthority?: string | undefined
  /** Names the proxy, if there is one: `HTTPS_PROXY`, `NO_PROXY`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** A request whose body is a stream. */
export interface SentBytes {
  readonly body: Readable
  /** How many they are, before they are compressed. */
  readonly bytes: number
  readonly encoding?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export class ServerLink implements AsyncDisposable {
  readonly client: Client
  /** Of the files that are sent. */
  readonly pieces: PieceSize
  readonly #connections: Dispatcher
  readonly #token: string | undefined
  #encodings: string | undefined

  private constructor({ server, token, piece }: ServerLinkOptions, connections: Dispatcher) {
    this.pieces = new PieceSize(piece)
    this.#connections = connections
    this.#token = token
    this.client = openClient({ server, token, fetch: (url, init) => this.#fetch(url, init) })
  }

  /** Throws for what no server could answer, so that it is not taken for a server that is away. */
  static async open(options: ServerLinkOptions): Promise<ServerLink> {
    const { server, token, certificateAuthority: path, environment } = options
    if (!isHttpAddress(server)) throw new ServerAddressError(server)
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new UnusableTokenError(token)
    const authority = path === undefined ? undefined : await textOf(path)
    // Only who talks to a server needs a client of HTTP.
    const { openConnections } = await import('./connections.ts')
    return new ServerLink(options, openConnections({ server, authority, environment }))
  }

  /** The encodings a server last reported to understand, as in `Accept-Encoding`. */
  get encodings(): string | undefined {
    return this.#encodings
  }

  /** Sends a stream; what it was answered with. Throws as the calls of `client` do. */
  async send<R extends Route>(
    route: R,
    call: Pick<Call<R>, 'params' | 'query'>,
    { body, bytes, encoding, signal }: SentBytes,
  ): Promise<z.output<R['reply']['schema']>> {
    const { server } = this.client
    try {
      const answer = await this.#request(`${server}${pathOf(route, call)}`, {
        method: route.method,
        headers: {
          'content-type': 'application/octet-stream',
          ...callerHeaders(this.#token),
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        },
        body,
        signal,
      }).catch((cause: unknown) => {
        if (signal?.aborted === true) throw signal.reason
        throw new UnreachableServerError(server, cause)
      })
      checkRevision(server, answer)
      if (!answer.ok) throw await refusal(server, answer, bytes)
      return await readAnswer(route, server, answer)
    } finally {
      body.destroy()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.destroy()
  }

  #fetch(url: string, { body, signal, ...init }: FetchInit): Promise<FetchAnswer> {
    return this.#request(url, { ...init, body: body ?? null, signal })
  }

  async #request(
    url: string,
    {
      method,
      headers,
      body,
      signal,
    }: Pick<FetchInit, 'method' | 'headers' | 'signal'> & { readonly body: string | Readable | null },
  ): Promise<FetchAnswer> {
    const { origin, pathname, search } = new URL(url)
    const answer = await this.#connections.request({
      origin,
      path: `${pathname}${search}`,
      method: methodOf(method),
      headers,
      body,
      signal: signal ?? null,
    })
    const named = (name: string) => {
      const value = answer.headers[name.toLowerCase()]
      return value === undefined ? null : String(value)
    }
    this.#encodings = named('accept-encoding') ?? this.#encodings
    const { statusCode: status } = answer
    return {
      ok: status >= 200 && status < 300,
      status,
      headers: { get: named },
      body: answer.body,
    }
  }
}

function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

const methods = new Map<string, Dispatcher.HttpMethod>(
  (['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const).map((method) => [method, method]),
)

function methodOf(name: string): Dispatcher.HttpMethod {
  return methods.get(name) ?? 'GET'
}

async function textOf(path: string): Promise<string> {
  return readText(path).catch((cause: unknown) => {
    throw new UnreadableServerFileError(path, cause)
  })
}
