/**
 * Options that connectors of several kinds have alike.
 *
 * @module
 */
import { z } from 'zod'

/** Of a file, without its `.csv`. */
export const tableNameSchema = z
  .string()
  .regex(/^[\w-]+$/, 'must be a name of letters, digits, dashes and underscores')

/** @param what Whose values stand in one cell: a list, an array. */
export function separatorSchema(what: string) {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(10)
    .optional()
    .meta({ default: '|' })
    .describe(`What stands between the values of ${what}: the \`split\` of the mapping.`)
}
