/**
 * Resources that may be one thing, and what people say of them.
 *
 * @module
 */
import { z } from 'zod'
import { resourceNameSchema } from './edit.ts'

/** Resources of a type that agree in what a rule looks at. */
export const duplicatesSchema = z.object({
  entityType: z.string(),
  /** The properties by which they are alike, with what they have in common. */
  alike: z.record(z.string(), z.string()),
  /** The oldest first. */
  resources: z.array(z.object({ resourceId: z.string(), display: z.string().nullable() })),
})
export type Duplicates = Readonly<z.infer<typeof duplicatesSchema>>
/** With what the list goes on behind it by. */
export type ListedDuplicates = Duplicates & { readonly cursor: string }

/** Resources of a type that are not one, whatever they have in common. */
export const distinctSchema = z.strictObject({
  type: z.string(),
  resources: z.array(resourceNameSchema).min(2, 'must name two resources').max(1000),
  reason: z.string().optional(),
})
export type Distinct = Readonly<z.infer<typeof distinctSchema>>
