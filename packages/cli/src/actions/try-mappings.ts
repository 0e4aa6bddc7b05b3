/**
 * `sluice mapping try`: rows of a source before and after its mappings have shaped them.
 *
 * @module
 */
import { printable } from '@sluice/model'
import { type TriedRow, tryMappings } from '@sluice/project'
import type { Context } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { quoteValue } from '../output/display-value.ts'
import { type Cells, writeRecords } from '../output/records.ts'
import { projectPath } from '../project-path.ts'
import { type PreviewFlags, previewed } from './preview-rows.ts'

export interface TryFlags extends PreviewFlags {
  readonly changes?: boolean
  readonly csv?: boolean
  readonly json?: boolean
}

export async function tryRows(context: Context, source: string, flags: TryFlags): Promise<ExitStatus> {
  const { out } = context
  const tried = await triedRows(context, source, flags)
  if (tried === undefined) return exitStatus.failed
  if (flags.json === true) await writeRecords(out, 'json', [], tried.map(asRecord))
  else if (flags.csv === true) await writeRecords(out, 'csv', columns, tried.flatMap(valuesOf))
  else await print(context, tried)
  return exitStatus.done
}

/** `undefined`: what was proposed has errors. */
async function triedRows(
  context: Context,
  source: string,
  flags: TryFlags,
): Promise<readonly TriedRow[] | undefined> {
  const { mapping, rows, changes, agent, proposal } = flags
  if (agent === undefined && proposal === undefined) {
    const options = { environment: context.environment, source, mapping, rows, changes }
    return tryMappings(projectPath(context, flags), options)
  }
  const answer = await previewed(context, source, flags)
  return answer?.rows.map(({ before, after, ...row }) => ({
    mapping: answer.mapping ?? '',
    ...row,
    before: textsOf(before),
    after: after.map(textsOf),
  }))
}

function textsOf(values: readonly { readonly name: string; readonly value: string }[]) {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]))
}

const columns = ['mapping', 'file', 'line', 'outcome', 'reason', 'row', 'name', 'value'].map((name) => ({
  name,
  title: name,
}))

function asRecord(row: TriedRow): Cells {
  return { ...row }
}

/** A line for each value: row 0 is the one of the file. */
function valuesOf({ before, after, ...row }: TriedRow): readonly Cells[] {
  return [before, ...after].flatMap((values, index) =>
    Object.entries(values).map(([name, value]) => ({ ...row, row: index, name, value })),
  )
}

async function print({ out }: Context, tried: readonly TriedRow[]): Promise<void> {
  let last: string | undefined
  for (const row of tried) {
    if (row.mapping !== last)
      await out.line(`${last === undefined ? '' : '\n'}${out.colors.bold(row.mapping)}`)
    last = row.mapping
    await out.line(`  ${printable(row.file)}:${row.line}  ${valuesIn(row.before)}`)
    for (const values of row.after) await out.line(`    ${out.colors.green('→')} ${valuesIn(values)}`)
    if (row.outcome === 'filtered') await out.line(`    ${out.colors.dim('left out by where')}`)
    if (row.reason !== null) await out.line(`    ${out.colors.red('rejected')}: ${printable(row.reason)}`)
  }
  if (tried.length === 0) await out.line('The files have no rows.')
}

function valuesIn(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${printable(name)}=${value === '' ? '–' : quoteValue(value)}`)
    .join('  ')
}
