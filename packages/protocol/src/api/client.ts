/**
 * Calls a server: one function for every route, typed by it.
 *
 * Knows no more than `fetch`, so that agent, command line and console share it; who needs certificates of their
 * own gives a `fetch` that knows them.
 *
 * @module
 */
import type { z } from 'zod'
import {
  type Refusal,
  RemoteError,
  ServerTooOldError,
  UnexpectedAnswerError,
  UnreachableServerError,
} from './client-errors.ts'
import { errorAnswerSchema } from './error-document.ts'
import { isUnderstood, revision, revisionHeader, revisionOf, versionHeader } from './revision.ts'
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
    checkRevision(base, answer)
    if (!answer.ok) throw await refusal(base, answer, bytesOf(input.body))
    return answer
  }
  return {
    server: base,
    async call(route, input) {
      return readAnswer(route, base, await ask(route, input))
    },
    async *lines(route, input) {
      const answer = await ask(route, input)
      for await (const line of textLines(route, base, answer)) yield decoded(route, base, line, answer)
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

/** Of every request: who asks, and what he speaks. */
export function callerHeaders(token: string | undefined): Record<string, string> {
  return {
    [revisionHeader]: String(revision),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

/** Throws where the server is so old that nothing it says can be relied upon. */
export function checkRevision(server: string, { headers }: Pick<FetchAnswer, 'headers'>): void {
  const spoken = headers.get(revisionHeader)
  // Of what has no header nobody knows yet whether a server of ours has answered.
  if (spoken !== null && !isUnderstood(spoken))
    throw new ServerTooOldError(server, headers.get(versionHeader) ?? undefined)
}

/** What a server is that has answered in its own name and speaks less than is spoken here. */
function olderServer({ headers }: Pick<FetchAnswer, 'headers'>): Refusal['older'] {
  if (revisionOf(headers.get(revisionHeader)) >= revision) return undefined
  return { version: headers.get(versionHeader) ?? undefined }
}

function headersOf(token: string | undefined, withBody: boolean): Record<string, string> {
  return {
    accept: 'application/json, application/x-ndjson',
    ...callerHeaders(token),
    ...(withBody ? { 'content-type': 'application/json' } : {}),
  }
}

/** The document that a successful request was answered with. */
export async function readAnswer<R extends AnyRoute>(
  route: R,
  server: string,
  answer: Pick<FetchAnswer, 'headers' | 'body'>,
): Promise<z.output<R['reply']['schema']>> {
  const { text, whole } = await textOf(answer, longestDocument).catch((cause: unknown) => {
    throw new UnreachableServerError(server, cause)
  })
  if (!whole) throw tooLong(route, server, answer)
  if (isCutOff(text, answer)) throw cutOff(server)
  return decoded(route, server, text, answer)
}

function decoded<R extends AnyRoute>(
  route: R,
  server: string,
  text: string,
  answer: Pick<FetchAnswer, 'headers'>,
): z.output<R['reply']['schema']> {
  try {
    return route.reply.schema.parse(JSON.parse(text)) as z.output<R['reply']['schema']>
  } catch (cause) {
    throw new UnexpectedAnswerError(server, route.path, cause, answererOf(answer))
  }
}

/** Nobody knows what the server said: it has to be asked again. */
function isCutOff(text: string, { headers }: Pick<FetchAnswer, 'headers'>): boolean {
  const json = headers.get('content-type')?.startsWith('application/json') === true
  return json && asJson(text) === undefined
}

function cutOff(server: string): UnreachableServerError {
  return new UnreachableServerError(server, new Error('its answer is cut off'))
}

/** The server itself does not say what it is; whatever stands before it does. */
function answererOf({ headers }: Pick<FetchAnswer, 'headers'>): string | undefined {
  const named = [headers.get('server'), headers.get('via')].filter((name) => name !== null && name !== '')
  return named.length === 0 ? undefined : named.join(', ')
}

function bytesOf(body: unknown): number | undefined {
  return body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body)).length
}

/**
 * What is wrong, as the error it would be here, or as the word of whoever answered in the server's place.
 *
 * @param sent Bytes of the body of the request.
 */
export async function refusal(
  server: string,
  answer: Pick<FetchAnswer, 'status' | 'headers' | 'body'>,
  sent?: number,
): Promise<RemoteError | UnreachableServerError> {
  // A proxy that takes no more of a large body may break off before its page is whole.
  const brokenOff = answer.status === 413 ? { text: '', whole: true } : undefined
  const read = await textOf(answer, longestRefusal).catch(() => brokenOff)
  if (read === undefined || (read.whole && isCutOff(read.text, answer))) return cutOff(server)
  const parsed = errorAnswerSchema.safeParse(read.whole ? asJson(read.text) : undefined)
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return new RemoteError(server, {
    status: answer.status,
    document: parsed.success ? parsed.data : undefined,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
    answeredBy: answererOf(answer),
    location: answer.headers.get('location') ?? undefined,
    older: olderServer(answer),
    sent,
  })
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Bytes of an answer, or of a line of one: somebody else than a server of ours may send without an end. */
const longestDocument = 256 << 20
const longestRefusal = 1 << 20

/** The text of an answer; not `whole` where it has more bytes than are read. */
async function textOf(
  { body }: Pick<FetchAnswer, 'body'>,
  longest: number,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > longest) return { text: '', whole: false }
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  return { text: parts.join('') + decoder.decode(), whole: true }
}

function tooLong(
  { path }: AnyRoute,
  server: string,
  answer: Pick<FetchAnswer, 'headers'>,
): UnexpectedAnswerError {
  return new UnexpectedAnswerError(server, path, new Error('it does not end'), answererOf(answer))
}

async function* textLines(route: AnyRoute, server: string, answer: FetchAnswer): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of answer.body ?? []) {
      const found = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = found.pop() ?? ''
      if (rest.length > longestDocument) throw tooLong(route, server, answer)
      yield* found.filter((line) => line !== '')
    }
  } catch (cause) {
    throw cause instanceof UnexpectedAnswerError ? cause : new UnreachableServerError(server, cause)
  }
  if (rest !== '') yield rest
}
