/**
 * Reads a file that was named at the command line.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { WrongUsageError } from '../wrong-usage-error.ts'

/** `remedy`: which file was to be named where. */
export async function readNamedFile(
  path: string,
  encoding: 'utf8' | 'base64',
  remedy: string,
): Promise<string> {
  try {
    return await readFile(path, encoding)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUsageError(`${path} cannot be read: ${reason}.`, remedy)
  }
}
