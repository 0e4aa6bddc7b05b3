/**
 * What can be wrong with a load of rows into an open table.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** What is wrong with a row; or with a header, for which it says the same of the whole load. */
export type LoadIssueReason =
  | 'invalid_value'
  | 'malformed_csv'
  | 'missing_key'
  | 'unknown_column'
  | 'missing_key_column'

export interface LoadIssue {
  readonly reason: LoadIssueReason
  /** From 1; where the row begins. */
  readonly line: number
  /** As the header writes it; of a cell. */
  readonly column: string | null
  /** Of the row, where it has one. */
  readonly key: string | null
  readonly text: string
}

/**
 * SLUICE-LOAD-01: rows of a load are bad, so nothing of it was loaded.
 *
 * `details.reason` is what is wrong with the first, `details.issues` lists the first of them with line, column and key. With `--continue`,
 * bad rows are left out and counted.
 */
export class BadRowsError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-01'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false
  readonly issues: readonly LoadIssue[]

  constructor(source: string, file: string, issues: readonly LoadIssue[]) {
    const [first, ...others] = issues
    super(
      `Nothing was loaded into ${source}: ${first === undefined ? 'a row is bad' : describeIssue(file, first)}.${also(others)}`,
      {
        remedy: 'Correct the rows, or load with --continue, which leaves bad rows out.',
        place: { file, ...(first === undefined ? {} : { line: first.line }) },
        details: { source, reason: first?.reason, issues },
      },
    )
    this.issues = issues
  }
}

function describeIssue(file: string, { line, key, column, text }: LoadIssue): string {
  const row = key === null ? [] : [`row ${key}`]
  const cell = column === null ? [] : [`column ${column}`]
  return `${[`line ${line} of ${file}`, ...row, ...cell].join(', ')}: ${text}`
}

/** So many lines are named; the details hold more. */
const linesNamed = 5

function also(others: readonly LoadIssue[]): string {
  if (others.length === 0) return ''
  const lines = others.slice(0, linesNamed).map(({ line }) => line)
  const and = others.length > linesNamed ? ' and more' : ''
  return ` Bad, too: line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}${and}.`
}

/**
 * SLUICE-LOAD-02: the header of a load names a column that its table does not have, one of them twice, or no key column.
 *
 * The column `primary_key` identifies a row. The other columns are properties of the entity type;
 * `sluice replicas SOURCE --table` lists them. `details.reason` is `unknown_column`, `missing_key_column` or `malformed_csv`.
 */
export class LoadHeaderError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-02'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(
    reason: LoadIssueReason,
    message: string,
    { file, line, remedy }: { readonly file: string; readonly line: number; readonly remedy: string },
  ) {
    super(message, { remedy, place: { file, line }, details: { reason } })
  }
}

/**
 * SLUICE-LOAD-03: the input is not a CSV in the given charset.
 *
 * It holds bytes that are no character, a quote that never closes or that text follows, or a row that is longer than any may be. After that
 * place rows cannot be found reliably, so nothing was loaded, even with `--continue`.
 */
export class NotCsvError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-03'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(
    message: string,
    { file, line, remedy }: { readonly file: string; readonly line: number; readonly remedy: string },
  ) {
    super(message, { remedy, place: { file, line }, details: { reason: 'malformed_csv' } })
  }
}

/** SLUICE-LOAD-04: an option of a load is not valid: a separator of several characters, an unknown charset or date format. */
export class LoadOptionError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-04'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(message: string, remedy: string) {
    super(message, { remedy })
  }
}

/**
 * SLUICE-LOAD-05: rows cannot be loaded into this source: it has no open table.
 *
 * Only sources with `table: true` have tables that are written from outside. The files of the others are delivered by `sluice sync`.
 */
export class NoOpenTableError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-05'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(message: string, remedy: string) {
    super(message, { remedy })
  }
}

/**
 * SLUICE-LOAD-06: a source with open tables has no files to export, prepare or deliver.
 *
 * Its rows are written into its tables, by `sluice load` or by SQL clients; `sluice synchronize` applies them.
 */
export class OpenTableError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-06'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string) {
    super(`Source ${source} has no files to deliver: its rows are in open tables.`, {
      remedy: `To load rows: sluice load ${source} FILE. To apply them: sluice synchronize ${source}`,
      details: { source },
    })
  }
}

/** SLUICE-LOAD-07: the load is larger than this server accepts. The limit is `server.limits.deliverySize`. */
export class LoadTooLargeError extends AnsweredError {
  readonly code = 'SLUICE-LOAD-07'
  readonly blame = 'source'
  readonly status = 413
  readonly retry = false

  constructor(source: string, limit: number) {
    super(`What was to be loaded into ${source} is larger than the limit of ${limit} bytes.`, {
      remedy: 'Raise server.limits.deliverySize, or fill the table with COPY in psql.',
      details: { source, limit },
    })
  }
}
