/**
 * What a server says when a request fails: the same facts as `--json` prints.
 *
 * @module
 */
import { z } from 'zod'

export const errorDocumentSchema = z.object({
  code: z.templateLiteral(['SLUICE-', z.string()]),
  message: z.string(),
  remedy: z.string().optional(),
  /** Whether the same request may succeed when it is repeated later; the status tells where it is absent. */
  retry: z.boolean().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type ErrorDocument = z.infer<typeof errorDocumentSchema>

/** Stands in every answer by which a server says no, and in that of nobody who answers in its place. */
export const mark = 'sluice'

/** The document as it crosses the network. */
export const errorAnswerSchema = errorDocumentSchema.extend({
  /** Who says so: a proxy that answers in the server's name knows no such mark. */
  from: z.literal(mark),
})
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>
