/**
 * Words that the paths and queries of several kinds of requests share.
 *
 * @module
 */
import { z } from 'zod'

export const runParams = z.strictObject({ run: z.coerce.number().int().positive() })
export const sourceParams = z.strictObject({ source: z.string() })
/** So often a name of a query may be repeated. */
export const mostNamed = 1000
export const limit = z.coerce.number().int().positive().optional()
/** Of labels. */
export const language = z
  .string()
  .max(35)
  .optional()
  .describe('Of labels, such as `de`: in the place of `Accept-Language`.')
export const acceptLanguage = {
  'accept-language':
    'Of labels, each is given in the best of these languages, or in that of the project; without it, or with `*`, all are given.',
}
/** For whatever keeps answers on the way. */
export const variesByLanguage = { headers: { vary: 'accept-language' } }
/** A time with its zone. */
export const instant = z.iso.datetime({ offset: true })
/** Of lists that continue after a line. */
export const cursor = z.string().max(100).optional().describe('Continues after the line that had it.')
/** Of each line of such a list. */
export const listed = {
  cursor: z.string().describe('The list continues after it: `cursor` of the next request.'),
}
export const limited = z.strictObject({ limit })
export const sample = z.coerce
  .number()
  .int()
  .positive()
  .max(1000)
  .optional()
  .describe('The first so many of each operation of each entity type and association.')
export const flag = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
    error: 'expected true or false',
  })
  .optional()
/** So many changes are a page. */
export const mostInPage = 1000
export const drift = flag.describe('Only those that are drift.')

export const oneResource = z.strictObject({
  entityType: z.string(),
  key: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'must be the id of a resource')
    .describe('The id of the resource.'),
})
