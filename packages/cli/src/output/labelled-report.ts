/**
 * Reports, changes and rejected rows, with what people call things in the place of names.
 *
 * @module
 */
import type { Change, RejectedRow, RunReport } from '@sluice/model'
import type { Called } from './called.ts'
import type { Cells } from './records.ts'

export function labelledReport(report: RunReport, called: Called): RunReport {
  const mapped = <T extends { readonly mapping: string }>(one: T): T => ({
    ...one,
    mapping: called.type(one.mapping),
  })
  return {
    ...report,
    entities: report.entities.map(mapped),
    associations: report.associations.map(mapped),
    exceeded: report.exceeded.map((one) =>
      one.level === 'source' ? one : { ...one, level: called.type(one.level) },
    ),
  }
}

export function labelledChange(change: Change, called: Called): Change {
  const type = change.kind === 'entity' ? change.entityType : change.association
  const before = called.values(type, change.before)
  const after = called.values(type, change.after)
  return change.kind === 'entity'
    ? { ...change, entityType: called.type(type), before, after }
    : { ...change, association: called.type(type), before, after }
}

/** Columns are those of the file, and are called as there. */
export function labelledRow<T extends Pick<RejectedRow, 'mapping'>>(row: T, called: Called): T {
  return { ...row, mapping: called.type(row.mapping) }
}

export function labelledRows(called: Called) {
  return async function* (rows: AsyncIterable<Pick<RejectedRow, 'mapping'>>): AsyncGenerator<Cells> {
    for await (const row of rows) yield { ...labelledRow(row, called) }
  }
}
