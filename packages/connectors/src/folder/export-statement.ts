/**
 * What an export says of itself: whether all that was asked for is there, and how much that is. So a file that lost rows on its way,
 * or changes where everything was asked for, is found out.
 *
 * @module
 */
import { z } from 'zod'

export const exportStatementSchema = z.strictObject({
  /** Everything that was asked for is in the files. */
  complete: z.boolean(),
  /** `incremental`: files with a column `command` hold changes only. */
  mode: z.enum(['initial', 'complete', 'incremental']).optional(),
  /** Rows below the header, by file as it is mapped; of a folder of part files, of all of them. */
  rows: z.record(z.string(), z.int().nonnegative()).optional(),
  note: z.string().max(2000).optional(),
})
export type ExportStatement = z.infer<typeof exportStatementSchema>
