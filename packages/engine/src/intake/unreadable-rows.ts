/**
 * Rows that could not be read: rejected, and every field they seem to hold is remembered while the run goes on.
 *
 * @module
 */
import { storableJson } from '@sluice/model'
import { run, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import { recordRejected } from '../rows/rejected-rows.ts'
import { rememberAllNames } from './remember-all-names.ts'
import { createUnreadable } from './staging.ts'

/** A row of a source that could not be read. */
export interface UnreadableRow {
  readonly mapping: string
  readonly file: string
  /** First physical line of the row. */
  readonly line: number
  readonly column: string | null
  readonly text: string
  readonly reason: string
  /** Every field the row seems to hold. */
  readonly fields: readonly string[]
  /** It may hold a secret, so nothing is said of its fields: any resource of the mapping may be its. */
  readonly anyKey?: true | undefined
}

const mostRows = 1000
/** UTF-16 units of fields: each row may seem to hold thousands. */
const mostFields = 4 << 20

/** Returns the table (mapping, field). */
export async function stageUnreadableRows(
  part: SourcePart,
  rows: AsyncIterable<UnreadableRow>,
): Promise<Table> {
  const table = await createUnreadable(part)
  let batch: UnreadableRow[] = []
  let size = 0
  const untold = new Set<string>()
  const flush = async () => {
    if (batch.length === 0) return
    const json = storableJson(batch)
    await run(part.session, await recordUnreadable(part, json))
    await run(part.session, rememberFields(table, json))
    batch = []
    size = 0
  }
  for await (const row of rows) {
    batch.push(row)
    if (row.anyKey === true) untold.add(row.mapping)
    for (const field of row.fields) size += field.length
    if (batch.length >= mostRows || size >= mostFields) await flush()
  }
  await flush()
  await rememberAllNames(part, table, untold)
  await run(part.session, analyze(table))
  return table
}

async function recordUnreadable(part: SourcePart, json: string): Promise<Statement> {
  return await recordRejected(
    part,
    'intake/record-unreadable',
    sql`select j.mapping, j.file, j.line, null, j."column", j.text, j.reason
     from jsonb_to_recordset(${sql.value(json)}::jsonb) j(mapping text, file text, line bigint, "column" text, text text, reason text)`,
  )
}

function rememberFields(table: Table, json: string): Statement {
  return statement(
    'intake/remember-fields',
    sql`insert into ${table} (mapping, field)
     select j.mapping, u.field from jsonb_to_recordset(${sql.value(json)}::jsonb) j(mapping text, fields jsonb),
       jsonb_array_elements_text(j.fields) u(field) where u.field <> ''`,
  )
}
