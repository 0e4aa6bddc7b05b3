/**
 * What one request to a server is made of: its address, what goes in, what comes back, who may.
 *
 * The server registers its handlers by these, the client makes its calls by these, and the OpenAPI document is
 * written from them, so the three cannot differ.
 *
 * @module
 */
import type { Permission } from '@sluice/model'
import { z } from 'zod'

/** Path of every route below the server's address. */
export const apiPrefix = '/api/v1'

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Behind `apiPrefix`, with parameters as `:name`. */
  readonly path: string
  readonly tag:
    | 'deliveries'
    | 'sources'
    | 'runs'
    | 'repository'
    | 'edits'
    | 'configuration'
    | 'tokens'
    | 'accounts'
    | 'sessions'
    | 'notifications'
    | 'orders'
    | 'matches'
    | 'jobs'
  /** One line for the documentation. */
  readonly summary: string
  /** `null`: nobody has to say who he is. */
  readonly permission: Permission | null
  readonly params: Params
  readonly query: Query
  /** `bytes` bodies are streams and are not parsed. */
  readonly body:
    | { readonly kind: 'none' }
    | { readonly kind: 'json'; readonly schema: Body }
    | { readonly kind: 'bytes' }
  /** `lines`: JSON Lines, one document of the schema each, streamed. `file`: the content of the document, to be saved under its name. */
  readonly reply: { readonly kind: 'json' | 'lines' | 'file'; readonly schema: Reply }
  /** It is asked every few seconds, and so is logged only for whoever looks closely. */
  readonly often?: boolean
  /** Headers of the request that count, in small letters: what each says. */
  readonly headers?: Readonly<Record<string, string>>
  /** What is answered beside the document, where that is more than that it was done. */
  answered?(document: z.output<Reply>): Answered
}

export interface Answered {
  /** 200 when absent. */
  readonly status?: 200 | 201 | 202
  readonly headers: Readonly<Record<string, string>>
}

/** Keeps the types of the definition, down to the kinds of body and reply; nothing happens. */
export function route<const R extends Route>(definition: R): R {
  return definition
}

export const none = z.strictObject({})
export const noBody = { kind: 'none' } as const
export const bytesBody = { kind: 'bytes' } as const

export function json<S extends z.ZodType>(schema: S): { readonly kind: 'json'; readonly schema: S } {
  return { kind: 'json', schema }
}

export function lines<S extends z.ZodType>(schema: S): { readonly kind: 'lines'; readonly schema: S } {
  return { kind: 'lines', schema }
}

/** A file as it was stored, with what it calls itself. */
export const file = {
  kind: 'file',
  schema: z.object({
    name: z.string().nullable(),
    mediaType: z.string().nullable(),
    content: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
} as const
