/**
 * `sluice drift`: what differs between what sources have asserted last and what is stored.
 *
 * @module
 */
import { type DriftFound, DriftUnknownError } from '@sluice/project'
import { type Context, plannerOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInProject } from '../language.ts'
import type { Called } from '../output/called.ts'
import { changeColumns, changedValues } from '../output/change-cells.ts'
import { describeChange } from '../output/change-list.ts'
import { errorDocument } from '../output/error-message.ts'
import { labelledChange } from '../output/labelled-report.ts'
import { formatNumberOf } from '../output/quantities.ts'
import { type Cells, writeRecords } from '../output/records.ts'
import { changesOf } from '../output/run-report.ts'
import { type RecordFlags, shapeOf } from '../record-options.ts'
import { chosenSources, eachSource, type SourceFlags } from './each-source.ts'
import { formatNext } from './write-run.ts'

export interface DriftFlags extends SourceFlags, Pick<RecordFlags, 'limit' | 'csv'> {}

export async function drift(
  context: Context,
  names: readonly string[],
  flags: DriftFlags,
): Promise<ExitStatus> {
  await using planner = await plannerOf(context, flags)
  const sources = await chosenSources(planner, names, {})
  const shape = shapeOf(flags)
  const sample = flags.limit ?? (shape === 'table' ? 20 : 1000)
  const found: DriftFound[] = []
  // A CSV is one for all of them, so that nothing stands between its lines.
  const shown = { ...flags, quiet: flags.quiet === true || shape === 'csv' }
  const status = await eachSource(context, sources, shown, async (source, { onProgress, signal, clear }) => {
    const one = await planner
      .drift(source, { sample, onProgress, signal })
      .catch((error: unknown) => orUnknown(error, names))
    clear()
    if (one instanceof DriftUnknownError) {
      if (shape === 'table' && flags.quiet !== true) await context.err.line(`${source}: ${one.message}`)
      return { status: exitStatus.done, document: { source, ...errorDocument(one) } }
    }
    found.push(one)
    if (shape === 'table')
      await writeDrift(context, one, await calledInProject(context, flags, planner), { ...flags, source })
    return { status: exitStatus.done, document: { ...one.report, changes: one.changes } }
  })
  if (shape === 'csv')
    await writeRecords(context.out, 'csv', [sourceColumn, ...changeColumns], cellsOf(found))
  return status
}

/** Of all sources there are those of which nothing was delivered from here yet; whoever names one wants an answer. */
function orUnknown(error: unknown, names: readonly string[]): DriftUnknownError {
  if (error instanceof DriftUnknownError && names.length === 0) return error
  throw error
}

async function writeDrift(
  { out }: Context,
  { report, changes }: DriftFound,
  called: Called,
  { source, ...flags }: DriftFlags & { readonly source: string },
): Promise<void> {
  const count = changesOf(report.drift)
  if (count === 0) {
    if (flags.quiet !== true)
      await out.line(`${source}: the repository holds exactly what the source last delivered.`)
    return
  }
  const counts = [
    [changesOf({ entities: report.drift.entities, associations: [] }), 'resource'],
    [changesOf({ entities: [], associations: report.drift.associations }), 'link'],
  ] as const
  const differ = counts.flatMap(([number, what]) => (number === 0 ? [] : [formatNumberOf(number, what)]))
  const verb = count === 1 ? 'differs' : 'differ'
  await out.line(`${source}: ${differ.join(' and ')} ${verb} from what the source last delivered.`)
  for (const change of changes) {
    const labelled = labelledChange({ ...change, drift: false }, called)
    await out.line(`  ${describeChange(labelled, out.colors, out.width - 2)}`)
  }
  if (changes.length < count)
    await out.line(`  … ${formatNumberOf(count - changes.length, 'more', 'more')}: --limit`)
  const repair =
    report.cause === 'replicas' ? `sluice synchronize ${source}` : `sluice sync ${source} --mode complete`
  await out.line(
    formatNext(out, [[repair, 'repairs this, and applies what has changed in the source since']]).join('\n'),
  )
}

const sourceColumn = { name: 'source', title: 'source' }

async function* cellsOf(found: readonly DriftFound[]): AsyncGenerator<Cells> {
  for (const { report, changes } of found)
    for await (const cells of changedValues(changes)) yield { source: report.source, ...cells }
}
