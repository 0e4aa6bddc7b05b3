/**
 * What answers one route: typed by the route's schemas, called with what came over the network.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { storableJson } from '@sluice/model'
import type { Route } from '@sluice/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { RequestRefusedError } from '../server-errors.ts'
import { holdsUnfitText, judgeInput } from './judge-input.ts'

/** A request as it came, with its caller known and permitted. */
interface Received {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly caller: Caller
  readonly log: FastifyBaseLogger
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export interface Incoming<R extends Route> extends Received {
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
type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

type One<R extends Route> = Frozen<z.input<R['reply']['schema']>>
export type Answer<R extends Route> = R['reply']['kind'] extends 'json' ? One<R> : AsyncIterable<One<R>>

export interface Handler<R extends Route = Route> {
  readonly route: R
  answer(received: Received): Promise<unknown>
}

/** Checks what came by the route's schemas and hands it on. */
export function handler<R extends Route>(
  route: R,
  work: (incoming: Incoming<R>) => Promise<Answer<R>>,
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
