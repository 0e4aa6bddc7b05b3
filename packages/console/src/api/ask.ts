/**
 * Asks the server that this page came from, by the routes of the protocol: `ask('GET /runs/:run', { params: { run: 7 } })`.
 *
 * Only types are taken from the protocol, so that none of its schemas has to be loaded.
 *
 * @module
 */
import type { ErrorDocument, Route, Routes } from '@sluice/protocol'
import type { z } from 'zod'
import { ApiError, UnreachableError } from './api-errors.ts'

type AnyRoute = Routes[keyof Routes]
type AddressOf<R> = R extends {
  readonly method: infer M extends string
  readonly path: infer P extends string
}
  ? `${M} ${P}`
  : never
/** `GET /runs/:run` and every other. */
export type Address = AddressOf<AnyRoute>
type RouteAt<A extends Address> =
  Extract<AnyRoute, { readonly method: string }> extends infer R
    ? R extends Route
      ? AddressOf<R> extends A
        ? R
        : never
      : never
    : never

type BodyOf<R> = R extends {
  readonly body: { readonly kind: 'json'; readonly schema: infer S extends z.ZodType }
}
  ? z.input<S>
  : undefined
/** What comes back; of routes of lines each of them. */
export type Reply<A extends Address> = z.output<RouteAt<A>['reply']['schema']>

export interface Question<A extends Address> {
  readonly params?: { readonly [Name in keyof z.input<RouteAt<A>['params']>]: string | number }
  readonly query?: z.input<RouteAt<A>['query']>
  readonly body?: BodyOf<RouteAt<A>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Where the server is, whatever a proxy has before it: the page says in its `<base>` where the console is, and the server is above. */
const server = new URL('..', document.baseURI)

/** An address of the server itself, as it names it in an answer. */
export function serverUrl(path: string): URL {
  return new URL(path, server)
}

export function apiUrl(path: string): URL {
  return serverUrl(`api/v1${path}`)
}

/** Throws `ApiError` and `UnreachableError`. */
export async function ask<A extends Address>(address: A, question: Question<A> = {}): Promise<Reply<A>> {
  const answer = await send(address, question)
  return await answer.json()
}

/** All lines of an answer: of routes that answer by JSON Lines, with a limit that a page can show. */
export async function askLines<A extends Address>(
  address: A,
  question: Question<A> = {},
): Promise<Reply<A>[]> {
  const answer = await send(address, question)
  const text = await answer.text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** The address of a question, to be looked at or downloaded. */
export function urlOf<A extends Address>(address: A, { params, query }: Question<A>): URL {
  const [, path = ''] = address.split(' ')
  const values: Readonly<Record<string, string | number>> = params ?? {}
  const url = apiUrl(
    path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name]))),
  )
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, String(one))
  return url
}

async function send<A extends Address>(address: A, question: Question<A>): Promise<Response> {
  const { body, headers, signal } = question
  const [method = 'GET'] = address.split(' ')
  const answer = await reach(urlOf(address, question), {
    method,
    headers: {
      ...headers,
      // Pages of others cannot send it: what is asked with it comes from this one.
      'x-sluice-console': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ?? null,
  })
  if (answer.ok) return answer
  if (answer.status === 401 && !address.endsWith(' /session')) for (const listener of outListeners) listener()
  throw await errorOf(answer)
}

const outListeners = new Set<() => void>()

/** Calls `listener` each time the server says so, whatever was asked; returns what ends that. */
export function whenNobodyIsSignedIn(listener: () => void): () => void {
  outListeners.add(listener)
  return () => void outListeners.delete(listener)
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new UnreachableError(server.host)
  }
}

async function errorOf(answer: Response): Promise<ApiError> {
  const document: ErrorDocument | undefined = await answer.json().catch(() => undefined)
  return new ApiError(answer.status, document)
}
