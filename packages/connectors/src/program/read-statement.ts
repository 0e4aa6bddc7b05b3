/**
 * Reads what an export program states of its own export: an exit status of 0 says only that nothing it noticed went wrong.
 *
 * @module
 */
import { readIfThere } from '@sluice/files'
import { type ExportStatement, exportStatementSchema } from '../folder/export-statement.ts'
import { UnreadableStatementError } from './program-errors.ts'

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
