/**
 * Calls a server: one function for every route, typed by it.
 *
 * Knows no more than `fetch`, so that agent, command line and console share it; who needs certificates of their
 * own gives a `fetch` that knows them.
 *
 * @module
 */
import type { z } from 'zod'
import { RemoteError, UnexpectedAnswerError, UnreachableServerError } from './client-errors.ts'
import { errorDocumentSchema } from './error-document.ts'
import { apiPrefix, type Route } from './route.ts'

export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>

/** The part of `RequestInit` that is used. */
export interface FetchInit {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The part of `Response` that is used. */
export interface FetchAnswer {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
  text(): Promise<string>
}

export interface ClientOptions {
  /** Address of the server, with or without a path before `/api/v1`. */
  readonly server: string
  readonly token?: string | undefined
  readonly fetch: Fetch
}

type AnyRoute = Route
type Input<S extends z.ZodType> = z.input<S>
/** Of each kind of body in the union, what is given for it. */
type BodyOf<Body> = Body extends { readonly kind: 'json'; readonly schema: infer S extends z.ZodType }
  ? Input<S>
  : never

/** What a call needs: only what its route has. */
export interface Call<R extends AnyRoute> {
  readonly params: Input<R['params']>
  readonly query?: Input<R['query']> | undefined
  readonly body?: BodyOf<R['body']> | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Client {
  readonly server: string
  /** One request, one document. Throws `UnreachableServerError` where none answers, `RemoteError` where the server says no. */
  call<R extends AnyRoute>(route: R, input: Call<R>): Promise<z.output<R['reply']['schema']>>
  /** One request, any number of documents, as they come. */
  lines<R extends AnyRoute>(route: R, input: Call<R>): AsyncIterable<z.output<R['reply']['schema']>>
}

export function openClient({ server, token, fetch }: ClientOptions): Client {
  const base = server.replace(/\/+$/, '')
  const ask = async (route: AnyRoute, input: Call<AnyRoute>): Promise<FetchAnswer> => {
    const answer = await fetch(`${base}${pathOf(route, input)}`, {
      method: route.method,
      headers: headersOf(token, input.body !== undefined),
      body: input.body === undefined ? undefined : JSON.stringify(input.body),
      signal: input.signal,
    }).catch((cause: unknown) => {
      if (input.signal?.aborted === true) throw cause
      throw new UnreachableServerError(base, cause)
    })
    if (!answer.ok) throw await refusal(base, answer)
    return answer
  }
  return {
    server: base,
    async call(route, input) {
      const answer = await ask(route, input)
      const text = await answer.text().catch((cause: unknown) => {
        throw new UnreachableServerError(base, cause)
      })
      return decoded(route, base, text)
    },
    async *lines(route, input) {
      const answer = await ask(route, input)
      for await (const line of textLines(base, answer)) yield decoded(route, base, line)
    },
  }
}

/** Path of a request below the server's address, with its parameters put in. */
export function pathOf<R extends AnyRoute>(
  route: R,
  { params, query }: Pick<Call<R>, 'params' | 'query'>,
): string {
  const given = new Map(Object.entries(params ?? {}))
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(given.get(name))),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const asked = search.toString()
  return `${apiPrefix}${path}${asked === '' ? '' : `?${asked}`}`
}

function headersOf(token: string | undefined, withBody: boolean): Record<string, string> {
  return {
    accept: 'application/json, application/x-ndjson',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(withBody ? { 'content-type': 'application/json' } : {}),
  }
}

function decoded<R extends AnyRoute>(route: R, server: string, text: string): z.output<R['reply']['schema']> {
  try {
    return route.reply.schema.parse(JSON.parse(text)) as z.output<R['reply']['schema']>
  } catch (cause) {
    throw new UnexpectedAnswerError(server, route.path, cause)
  }
}

/** What the server says is wrong, as the error it would be here. */
export async function refusal(
  server: string,
  answer: Pick<FetchAnswer, 'status' | 'headers' | 'text'>,
): Promise<RemoteError> {
  const text = await answer.text().catch(() => '')
  const parsed = errorDocumentSchema.safeParse(asJson(text))
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  return new RemoteError(server, answer.status, parsed.success ? parsed.data : undefined, retryAfter)
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function* textLines(server: string, answer: FetchAnswer): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of answer.body ?? []) {
      const found = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = found.pop() ?? ''
      yield* found.filter((line) => line !== '')
    }
  } catch (cause) {
    throw new UnreachableServerError(server, cause)
  }
  if (rest !== '') yield rest
}
