/**
 * `sluice orphans` and `sluice rejected`: what is not in the repository as its sources assert it, here or through a server.
 *
 * @module
 */
import type { Orphan } from '@sluice/model'
import { type RowLeftBeside, readLeftBeside } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledHere, calledInRepository } from '../language.ts'
import { byName, type Called } from '../output/called.ts'
import { labelledRow, labelledRows } from '../output/labelled-report.ts'
import { type Cells, type RecordColumn, whole } from '../output/records.ts'
import { projectPath } from '../project-path.ts'
import { limitOf, type RecordFlags, readLimit, shapeOf } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { showFound } from './show-found.ts'

export interface LeftOutFlags extends GlobalOptions, RecordFlags {}

export interface RejectedFlags extends LeftOutFlags {
  readonly reasons?: boolean
  readonly duplicates?: boolean
  readonly nullKeys?: boolean
}

const orphanColumns: readonly RecordColumn[] = [
  { name: 'source', title: 'source' },
  { name: 'of', title: 'of' },
  { name: 'type', title: 'missing' },
  { name: 'by', title: 'by' },
  { name: 'value', title: 'name' },
  { name: 'waiting', title: 'waiting', align: 'right' },
  { name: 'example', title: 'of these' },
  { name: 'why', title: 'why' },
]

const orphanCells: readonly RecordColumn[] = [
  'source',
  'kind',
  'of',
  'type',
  'by',
  'value',
  'found',
  'waiting',
  'example',
  'candidates',
].map((name) => ({ name, title: name }))

export async function orphans(
  context: Context,
  names: readonly string[],
  flags: LeftOutFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const sources = names.length === 0 ? undefined : names
  const shape = shapeOf(flags)
  const called = await calledInRepository(context, flags, repository)
  await showFound(context, flags, {
    records: repository.orphans({ sources, limit: readLimit(flags) }),
    columns: shape === 'csv' ? orphanCells : orphanColumns,
    cells: {
      table: (found: AsyncIterable<Orphan>) => orphanLines(found, called),
      csv: orphanFields,
      json: whole,
    }[shape],
    more: moreOf(flags),
    none: 'There are no orphans: every reference and every link has found its target.',
  })
  return exitStatus.done
}

async function* orphanLines(found: AsyncIterable<Orphan>, called: Called): AsyncGenerator<Cells> {
  for await (const orphan of found)
    yield {
      ...orphan,
      of: whatWaits(orphan, called),
      type: called.type(orphan.type),
      by: called.property(orphan.type, orphan.by),
      why: whyNot(orphan),
    }
}

async function* orphanFields(found: AsyncIterable<Orphan>): AsyncGenerator<Cells> {
  for await (const orphan of found) yield { ...orphan, candidates: orphan.candidates.join(' ') || null }
}

/** Those of an older server are not known. */
function whyNot({ found, candidates }: Orphan): string {
  if (found === 0) return 'not there'
  return candidates.length === 0
    ? 'several have this name'
    : `the name of the resources ${candidates.join(', ')}`
}

/** `Person.department`, `Membership.to`. */
function whatWaits({ kind, of }: Orphan, called: Called): string {
  const [type = '', part = ''] = of.split('.')
  const end = part === 'from' ? 'from' : 'to'
  return `${called.type(type)}.${kind === 'link' ? called.end(type, end) : called.property(type, part)}`
}

const rejectedColumns: readonly RecordColumn[] = [
  { name: 'source', title: 'source' },
  { name: 'run', title: 'run', align: 'right' },
  { name: 'mapping', title: 'mapping' },
  { name: 'file', title: 'file' },
  { name: 'line', title: 'line', align: 'right' },
  { name: 'key', title: 'key' },
  { name: 'column', title: 'column' },
  { name: 'value', title: 'value' },
  { name: 'reason', title: 'reason' },
]

const reasonColumns: readonly RecordColumn[] = [
  { name: 'source', title: 'source' },
  { name: 'run', title: 'run', align: 'right' },
  { name: 'mapping', title: 'mapping' },
  { name: 'column', title: 'column' },
  { name: 'rows', title: 'rows', align: 'right' },
  { name: 'reason', title: 'reason' },
  { name: 'file', title: 'first in' },
  { name: 'line', title: 'line', align: 'right' },
]

export async function rejected(
  context: Context,
  names: readonly string[],
  flags: RejectedFlags,
): Promise<ExitStatus> {
  if (flags.duplicates === true || flags.nullKeys === true) return await besides(context, names, flags)
  await using repository = await repositoryOf(context, flags)
  const sources = names.length === 0 ? undefined : names
  const called = await calledInRepository(context, flags, repository)
  const query = { sources, limit: readLimit(flags) }
  const found = {
    cells: shapeOf(flags) === 'table' ? labelledRows(called) : whole,
    more: moreOf(flags),
    none: 'No source has a rejected row.',
  }
  if (flags.reasons === true)
    await showFound(context, flags, {
      ...found,
      records: repository.rejectionReasons(query),
      columns: reasonColumns,
    })
  else
    await showFound(context, flags, {
      ...found,
      records: repository.rejections(query),
      columns: rejectedColumns,
    })
  return exitStatus.done
}

const besideColumns: readonly RecordColumn[] = [
  { name: 'source', title: 'source' },
  { name: 'mapping', title: 'mapping' },
  { name: 'row', title: 'row' },
]

/** They stay where the source is prepared, whatever server is named. */
async function besides(
  context: Context,
  [source, ...others]: readonly string[],
  flags: RejectedFlags,
): Promise<ExitStatus> {
  if (source === undefined || others.length > 0)
    throw new WrongUsageError(
      'Name one source: duplicates and rows without a key are listed for one source at a time.',
      'sluice rejected SOURCE --duplicates',
    )
  const kind = flags.duplicates === true ? 'duplicate' : 'null key'
  const { environment } = context
  const shape = shapeOf(flags)
  await showFound(context, flags, {
    records: readLeftBeside(projectPath(context, flags), { source, kind, environment }),
    columns: besideColumns,
    cells:
      shape === 'json' ? whole : besideLines(shape === 'csv' ? byName : await calledHere(context, flags)),
    more: moreOf(flags),
    none: `The last preparation of ${source} found no ${kind}.`,
  })
  return exitStatus.done
}

/** Columns are those of the file, and are called as there. */
function besideLines(called: Called) {
  return async function* (rows: AsyncIterable<RowLeftBeside>): AsyncGenerator<Cells> {
    for await (const { values, ...row } of rows) {
      const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`)
      yield { ...labelledRow(row, called), row: shown.join(' ') }
    }
  }
}

function moreOf(flags: RecordFlags): string {
  return `--limit ${limitOf(flags) * 10}, --limit all, or --csv`
}
