/**
 * Loads one prepared file into an all-text table, exactly as it came.
 *
 * @module
 */
import { identifier, literal } from '@sluice/repository'
import type { Work } from '../terms/work.ts'
import { createEmptyWorkTable } from '../terms/work-tables.ts'

const commands = ['insert', 'update', 'delete', 'merge'].map(literal).join(', ')

/**
 * Creates `table` with a column `row` (ordinal in the file), `command` for a delta, and c1…cn, and returns
 * the rows loaded.
 * The empty field is null.
 */
export async function stageFile(
  work: Work,
  table: string,
  file: {
    readonly path: string
    readonly columns: number
    /** A delta: each row begins with its command. */
    readonly commands: boolean
    readonly subject: string
    readonly size: number
  },
): Promise<number> {
  const values = Array.from({ length: file.columns }, (_, index) => `c${index + 1}`)
  const names = file.commands ? ['command', ...values] : values
  const columns = [
    ...(file.commands ? [`command text collate "C" not null check (command in (${commands}))`] : []),
    ...values.map((name) => `${name} text collate "C"`),
  ].join(', ')
  await createEmptyWorkTable(work, table, `row integer generated always as identity (cache 1000), ${columns}`)
  const report = (bytes: number) =>
    work.onProgress({
      stage: 'translate',
      source: work.source.name,
      subject: file.subject,
      bytes,
      totalBytes: file.size,
    })
  return await work.session.copyFrom(
    `${table} (${names.map(identifier).join(', ')})`,
    file.path,
    'format csv, header true',
    report,
  )
}

/**
 * Tells PostgreSQL the size of a staging table, so that no statement takes it for a small one. Its size alone:
 * statistics of every column would cost a second.
 */
export async function measureStaging(work: Work, table: string): Promise<void> {
  await work.session.execute(`analyze ${table} (row)`)
}
