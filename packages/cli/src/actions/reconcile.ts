/**
 * `sluice reconcile test`: what rows would find, and why.
 *
 * @module
 */
import { resolve } from 'node:path'
import { type RowToTest, readRowFile } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { plannerOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import type { GivenValue } from '../given-value.ts'
import { formatTestedRow } from '../output/tested-row.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { readNamedFile } from './read-named-file.ts'

export interface ReconcileFlags extends GlobalOptions {
  readonly row?: readonly GivenValue[]
  readonly file?: string
  readonly json?: boolean
}

export async function test(
  context: Context,
  source: string,
  type: string | undefined,
  flags: ReconcileFlags,
): Promise<ExitStatus> {
  const rows = await rowsOf(context, flags)
  await using planner = await plannerOf(context, flags)
  const tested = await planner.testRows(source, rows, { entityType: type })
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(tested, undefined, 2))
  else for (const row of tested) await out.line(formatTestedRow(row, out.colors, out.width).join('\n'))
  return exitStatus.done
}

async function rowsOf(
  { workingFolder }: Context,
  { row, file }: ReconcileFlags,
): Promise<readonly RowToTest[]> {
  if ((row === undefined) === (file === undefined))
    throw new WrongUsageError('Which rows?', 'Give --row name=value …, or --file FILE.')
  if (file === undefined) return [Object.fromEntries((row ?? []).map(({ name, value }) => [name, value]))]
  const text = await readNamedFile(
    resolve(workingFolder, file),
    'utf8',
    'Write the name of a CSV with rows after --file.',
  )
  return readRowFile(text, file)
}
