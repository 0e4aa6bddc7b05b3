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
