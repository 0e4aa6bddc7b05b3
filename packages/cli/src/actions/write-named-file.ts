/**
 * Writes a file that somebody has named at the command line.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

/** Relative to where the command was called. */
export async function writeNamedFile(
  { workingFolder }: Pick<Context, 'workingFolder'>,
  file: string,
  text: string,
): Promise<void> {
  const path = resolve(workingFolder, file)
  try {
    await writeFile(path, text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUsageError(`${path} cannot be written: ${reason}.`, 'Name a file in a folder that exists.')
  }
}
