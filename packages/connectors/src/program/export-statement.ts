/**
 * What an export program says of its own export: whether all that was asked for is there, and how much that is.
 *
 * An exit status of 0 says only that nothing it noticed went wrong; with a statement, a file that lost rows on
 * its way, or changes where everything was asked for, is found out.
 *
 * @module
 */
import { readIfThere } from '@sluice/files'
import { z } from 'zod'
import { UnreadableStatementError } from './program-errors.ts'

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

/** `undefined` when the program wrote none. */
export async function readStatement(path: string, source: string): Promise<ExportStatement | undefined> {
  const text = await readIfThere(path).catch((error: Error) => {
    throw new UnreadableStatementError(source, `${error.message.replace(/\.$/, '')}.`)
  })
  if (text === undefined) return undefined
  const parsed = exportStatementSchema.safeParse(asJson(text, source))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw new UnreadableStatementError(source, `${where}${issue?.message ?? 'it is not valid'}.`)
}

function asJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new UnreadableStatementError(source, `${cause instanceof Error ? cause.message : String(cause)}.`)
  }
}
