/**
 * Orders: what a managed system should say of a resource, as people and programs state it, and what became of it.
 *
 * One order may say several things, of several resources and sources even; each has a state of its own and is one record.
 *
 * @module
 */
import { z } from 'zod'
import { orderStates } from '../life/order-life.ts'

const instantSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a date such as 2026-12-01, or a time such as 2026-12-01T08:00:00Z',
  })
  .describe('A date is its midnight, UTC.')

/** No text of PostgreSQL holds a NUL. */
const nameSchema = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'must not hold a character NUL')

const expectedValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a text, a number, true, false or null',
})

export const orderExistences = ['exists', 'gone'] as const

/** What every order says, whatever it is about. */
const statedSchema = z.strictObject({
  id: nameSchema
    .refine((text) => text.length <= 200, 'must have at most 200 characters')
    .optional()
    .describe('Id of the order, so that it may be sent again; a new one when absent.'),
  source: z.string().describe('Which is to say it.'),
  orderedAt: instantSchema.optional().describe('Now when absent.'),
  dueAt: instantSchema.optional().describe('Overdue from then on; never when absent.'),
})

/** About a row of a source. */
export const newRowOrderSchema = statedSchema
  .extend({
    entityType: z.string(),
    resource: nameSchema.describe(
      'The key of the row of the source, which need not be there yet; or the name of the resource.',
    ),
    values: z
      .record(z.string(), expectedValueSchema)
      .optional()
      .describe(
        'By property, as readers show them; a reference as the name of its target. `null` or an empty text: it should be empty.',
      ),
    existence: z.enum(orderExistences).optional().describe('Whether the row should exist.'),
  })
  .refine(({ values = {}, existence }) => Object.keys(values).length > 0 || existence !== undefined, {
    error: 'must say a value, or an existence',
    path: ['values'],
  })
export type NewRowOrder = Readonly<z.infer<typeof newRowOrderSchema>>

/** About a link of two resources. */
export const newLinkOrderSchema = statedSchema.extend({
  association: z.string(),
  from: nameSchema.describe('As the source names the resource, which need not be there yet; or its name.'),
  to: nameSchema.describe('Likewise.'),
  existence: z
    .enum(orderExistences)
    .optional()
    .describe('Whether the link should exist; it should when absent.'),
})
export type NewLinkOrder = Readonly<z.infer<typeof newLinkOrderSchema>>

const newOrderSchema = z.union([newRowOrderSchema, newLinkOrderSchema], {
  error: ({ input, errors }) => {
    const of = typeof input === 'object' && input !== null && 'association' in input ? 1 : 0
    const [issue] = errors?.[of] ?? []
    return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ') || 'must be an order'
  },
})
export type NewOrder = NewRowOrder | NewLinkOrder

/** So many orders a request may state: they are read as one document. */
const mostOrders = 10_000

export const newOrdersSchema = z
  .array(newOrderSchema)
  .min(1, 'must hold an order')
  .max(mostOrders, `must be at most ${mostOrders}`)

/** One thing that an order says, and what became of it. */
export const orderRecordSchema = z.object({
  /** Shared by all that the order says. */
  order: z.string(),
  source: z.string(),
  /** Of a row; `null` of a link. */
  entityType: z.string().nullable(),
  /** Of a link; `null` of a row. */
  association: z.string().nullable(),
  /** Of the source's row; of a link, what the source calls the resource at the end "from". */
  key: z.string(),
  /** Of a link, what the source calls the resource at the end "to". */
  to: z.string().nullable(),
  /** `null`: it is about whether the row or link is there. */
  property: z.string().nullable(),
  /** What was ordered: a value, where `null` is none; or `exists` or `gone`. */
  expected: z.string().nullable(),
  /** What the source said when a run looked last, or when the order was stated; likewise. */
  asserted: z.string().nullable(),
  /** Of a link that is not there: the resource that the source links in its place, where an end may have one link only. */
  instead: z.string().nullable(),
  /** The source has, or had, such a row or link then. */
  there: z.boolean(),
  state: z.enum(orderStates),
  /** UTC. */
  orderedAt: z.string(),
  dueAt: z.string().nullable(),
  /** Who stated it. */
  by: z.string(),
  /** Since when it is so, and the run that found it; `null`: none did. */
  since: z.string(),
  run: z.number().nullable(),
})
export type OrderRecord = Readonly<z.infer<typeof orderRecordSchema>>

/** How many things that were ordered of a source are in which state, after a run. */
export const orderCountsSchema = z.object({
  executed: z.number(),
  pending: z.number(),
  contradicted: z.number(),
  overdue: z.number(),
})
export type OrderCounts = Readonly<z.infer<typeof orderCountsSchema>>
