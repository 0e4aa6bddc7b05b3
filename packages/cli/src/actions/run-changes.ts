/**
 * `sluice runs changes` and `sluice runs rejected`: a run line by line.
 *
 * @module
 */
import type { Change, RejectedRow, RunReport, StoredModel } from '@sluice/model'
import type { RepositoryReader } from '@sluice/project'
import { anyProjectOf, type Context, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { calledInRepository } from '../language.ts'
import type { Called } from '../output/called.ts'
import { changeColumns, changedValues } from '../output/change-cells.ts'
import { describeChange } from '../output/change-list.ts'
import { labelledChange, labelledRows } from '../output/labelled-report.ts'
import type { Outlet } from '../output/outlet.ts'
import { formatNumberOf } from '../output/quantities.ts'
import { type Cells, type RecordColumn, whole, writeRecords } from '../output/records.ts'
import { changesOf } from '../output/run-report.ts'
import { limited, limitOf, readLimit, shapeOf } from '../record-options.ts'
import { inPages } from './in-pages.ts'
import { type RunsFlags, readRun } from './runs-flags.ts'
import { showFound } from './show-found.ts'

export interface ChangesFlags extends RunsFlags {
  readonly drift?: boolean
  readonly type?: string
  readonly key?: string
  readonly operation?: 'insert' | 'update' | 'delete'
  readonly property?: string
}

export async function changes(context: Context, id: number, flags: ChangesFlags): Promise<ExitStatus> {
  await using project = await anyProjectOf(context, flags)
  const report = await readRun(project.repository, id)
  const { out } = context
  const shape = shapeOf(flags)
  const { drift, type, key, operation, property } = flags
  const chosen = { drift, type, key, operation, property }
  const some = [type, key, operation, property].some((one) => one !== undefined)
  let more = false
  let listed = 0
  let updates = 0
  const found = limited(counted(), limitOf(flags), () => {
    more = true
  })
  async function* counted(): AsyncGenerator<Change> {
    for await (const change of project.changes(id, { limit: readLimit(flags), ...chosen })) {
      listed += 1
      if (change.operation === 'update') updates += 1
      yield change
    }
  }
  if (shape === 'json') await writeRecords(out, 'json', [], whole(found))
  else if (shape === 'csv') await writeRecords(out, 'csv', changeColumns, changedValues(found))
  else {
    const called = await calledInRepository(context, flags, project.repository)
    await inPages(context, shape, (pages) => writeChangeLines(pages, found, called))
  }
  const asked = drift === true ? `${id} --drift` : id
  if (more) {
    const hint = `… there are more: sluice runs changes ${asked} --limit all, or --csv`
    await context.err.line(context.err.hint(hint))
  } else if (some) {
    if (listed === 0 && !out.gone) await context.err.line(`No change of run ${id} matches.`)
  } else if (drift === true) await sayWhatDriftIsNotListed(context, report, listed)
  else if (!out.gone) await sayWhatIsMissing(context, project.repository, { report, listed, updates })
  return exitStatus.done
}

interface Listed {
  readonly report: RunReport
  /** Changes that are listed, and those of them that are updates. */
  readonly listed: number
  readonly updates: number
}

async function sayWhatIsMissing(
  { err }: Context,
  repository: RepositoryReader,
  { report, listed, updates }: Listed,
): Promise<void> {
  const updated = report.entities.filter(({ changes }) => changes.updated > 0)
  const limited = report.state === 'applied' ? limitedIn(await repository.model(), updated) : []
  const unkept =
    limited.length === 0 ? 0 : updated.reduce((sum, { changes }) => sum + changes.updated, 0) - updates
  if (unkept > 0) {
    const changes = formatNumberOf(unkept, 'update')
    await err.line(`${changes} not listed: the history does not keep every change of ${limited.join(', ')}.`)
  }
  await sayWhatIsNotListed(err, report, listed + Math.max(unkept, 0))
}

/** `Person.lastLogon`: properties of which the history does not keep every change. */
function limitedIn(model: StoredModel, updated: RunReport['entities']): readonly string[] {
  return updated.flatMap(({ mapping }) =>
    (model.entityTypes.get(mapping)?.properties ?? [])
      .filter(({ history }) => history !== undefined)
      .map(({ name }) => `${mapping}.${name}`),
  )
}

/** A first load keeps no line for each resource; they are read from the resources themselves. */
async function sayWhatIsNotListed(err: Outlet, report: RunReport, listed: number): Promise<void> {
  const missing = report.state === 'applied' ? changesOf(report) - listed : 0
  const loaded = report.entities.find(({ changes }) => changes.inserted > 0)?.mapping
  if (missing > 0 && loaded !== undefined) {
    const resources = formatNumberOf(missing, 'resource')
    await err.line(
      err.hint(
        `${resources} of a first load; they are not listed as changes, but as resources: sluice resources ${loaded}`,
      ),
    )
  } else if (listed === 0) {
    await err.line(`Run ${report.run} changed nothing.`)
  }
}

async function sayWhatDriftIsNotListed({ err }: Context, report: RunReport, listed: number): Promise<void> {
  if (report.drift === null) {
    await err.line(
      `The drift of run ${report.run} is not known. Only a complete run that builds on the last applied delivery finds drift.`,
    )
    return
  }
  const missing = changesOf(report.drift) - listed
  if (missing > 0) {
    const changes = formatNumberOf(missing, 'change')
    await err.line(
      `${changes} of drift cannot be listed one by one: the rows were loaded again, or the run was not applied.`,
    )
  } else if (listed === 0) {
    await err.line(`Run ${report.run} repaired no drift.`)
  }
}

async function writeChangeLines(out: Outlet, found: AsyncIterable<Change>, called: Called): Promise<void> {
  for await (const change of found) {
    if (!(await out.line(describeChange(labelledChange(change, called), out.colors, out.width)))) return
  }
}

const rejectedColumns: readonly RecordColumn[] = [
  { name: 'mapping', title: 'mapping' },
  { name: 'file', title: 'file' },
  { name: 'line', title: 'line', align: 'right' },
  { name: 'key', title: 'key' },
  { name: 'column', title: 'column' },
  { name: 'value', title: 'value' },
  { name: 'reason', title: 'reason' },
]

export async function rejected(context: Context, id: number, flags: RunsFlags): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  await readRun(repository, id)
  const called = await calledInRepository(context, flags, repository)
  await showFound(context, flags, {
    records: repository.rejectedRows(id),
    columns: rejectedColumns,
    cells: shapeOf(flags) === 'table' ? labelledRows(called) : rejectedCells,
    more: `sluice runs rejected ${id} --limit all, or --csv`,
    none: `Run ${id} rejected no row.`,
  })
  return exitStatus.done
}

async function* rejectedCells(rows: AsyncIterable<RejectedRow>): AsyncGenerator<Cells> {
  for await (const { mapping, file, line, key, column, value, reason } of rows)
    yield { mapping, file, line, key, column, value, reason }
}
