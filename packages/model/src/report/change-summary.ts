/**
 * The changes of a run, a page at a time, and how many there are of what.
 *
 * @module
 */
import { z } from 'zod'
import type { Change, ChangesOptions } from './report.ts'
import { changeSchema } from './report-schema.ts'

export interface ChangesPageOptions extends Omit<ChangesOptions, 'limit' | 'sample'> {
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export interface ChangesPage {
  readonly changes: readonly Change[]
  /** With which the next page is asked for; `null`: there is none. */
  readonly next: string | null
}

export const changesPageSchema = z.object({
  changes: z.array(changeSchema),
  next: z.string().nullable().describe('The `cursor` of the next page; null: there is none.'),
}) satisfies z.ZodType<ChangesPage>

const kind = z.enum(['entity', 'link'])
const count = z.int().nonnegative()

/** How many updates of a run change a property. */
export interface ChangedProperty {
  readonly kind: 'entity' | 'link'
  /** The entity type, or the association. */
  readonly type: string
  readonly property: string
  readonly changes: number
}

/** Of an entity type or association: what a run changes of it, and how much there was before. */
export const summarizedTypeSchema = z.object({
  kind,
  type: z.string(),
  stored: count.describe('Resources or links before the run, of the mappings that it reports on.'),
  inserted: count,
  updated: count,
  deleted: count,
  properties: z
    .array(z.object({ property: z.string(), changes: count }))
    .describe('By how many of the updates each property changes, the most changed first.'),
})
export type SummarizedType = Readonly<z.infer<typeof summarizedTypeSchema>>
