/**
 * What answers one route: typed by the route's schemas, called with what came over the network.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { type RunBy, storableJson } from '@sluice/model'
import type { Route } from '@sluice/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { SessionCookie } from '../access/session-cookie.ts'
import { RequestRefusedError } from '../server-errors.ts'
import { holdsUnfitText, judgeInput } from './judge-input.ts'

/** A request as it came. */
interface Received {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Absent where nobody has to say who he is. */
  readonly caller: Caller | undefined
  /** Of whoever asks, as our proxies say it. */
  readonly address: string
  readonly cookie: SessionCookie
  /** Says for the audit log who it was, where nobody had to say so before. */
  readonly identify: (by: RunBy) => void
  readonly log: FastifyBaseLogger
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export interface Incoming<R extends Route> extends Received {
  /** Known and permitted. */
  readonly caller: Caller
  readonly params: z.output<R['params']>
  readonly query: z.output<R['query']>
  readonly body: BodyOf<R>
}

type BodyOf<R extends Route> = R['body'] extends { readonly kind: 'json'; readonly schema: infer S }
  ? S extends z.ZodType
    ? z.output<S>
    : never
  : R['body'] extends { readonly kind: 'bytes' }
    ? Readable
    : undefined

/** Data as the schemas take it, of which nothing is changed. */
type Frozen<T> = T extends Uint8Array
  ? T
  : T extends (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T

type One<R extends Route> = Frozen<z.input<R['reply']['schema']>>
export type Answer<R extends Route> = R['reply']['kind'] extends 'json' | 'file'
  ? One<R>
  : AsyncIterable<One<R>>

export interface Handler<R extends Route = Route> {
  readonly route: R
  answer(received: Received): Promise<unknown>
}

/** Checks what came by the route's schemas and hands it on. */
export function handler<R extends Route>(
  route: R,
  work: (incoming: Incoming<R>) => Promise<Answer<R>>,
): Handler<R> {
  return openHandler(route, (incoming) => {
    const { caller } = incoming
    if (caller === undefined) throw new Error(`${route.path} is answered to whoever asks.`)
    return work({ ...incoming, caller })
  })
}

/** The same for what anybody may ask who is not known yet. */
export function openHandler<R extends Route>(
  route: R,
  work: (incoming: Omit<Incoming<R>, 'caller'> & Pick<Received, 'caller'>) => Promise<Answer<R>>,
): Handler<R> {
  return {
    route,
    answer: (received) =>
      work({
        ...received,
        params: checked<R['params']>(route.params, received.params, 'address'),
        query: checked<R['query']>(route.query, received.query, 'query'),
        body: (route.body.kind === 'json'
          ? checked(route.body.schema, keptAs(route, received.body), 'body')
          : received.body) as BodyOf<R>,
      }),
  }
}

/**
 * Agents repeat what stands in files and what programs say, which may be anything: what cannot be stored of it is replaced. A person
 * is told of it.
 */
function keptAs({ permission }: Route, body: unknown): unknown {
  if (permission !== 'deliver' || typeof body !== 'object' || body === null || !holdsUnfitText(body))
    return body
  return JSON.parse(storableJson(body))
}

function checked<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const trouble = judgeInput(schema, value)
  if (trouble !== undefined) throw new RequestRefusedError(`its ${part} is wrong (${trouble})`)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    const place = path.map(String).join('.')
    return `${place === '' ? '' : `${place}: `}${message.charAt(0).toLowerCase()}${message.slice(1)}`
  })
  throw new RequestRefusedError(`its ${part} is wrong (${issues.join('; ')})`)
}
