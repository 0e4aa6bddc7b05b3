/**
 * Brings in the rows that prepare could not read: as rejections of the run, and as a table of every
 * field they seem to hold.
 *
 * Such a row was in the source, so the resource it stood for has not disappeared. Whatever is absent
 * from the delivery but named in one of these fields is kept.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Manifest, type PreparedRejection, preparedRejectionSchema } from '@sluice/protocol'
import { recordRejected } from '../terms/record-rejected.ts'
import type { Work } from '../terms/work.ts'
import { createEmptyWorkTable, singleWorkTable } from '../terms/work-tables.ts'

const batchSize = 1000

/** Returns the table (mapping, field), or `undefined` when every row could be read. */
export async function loadUnreadableFields(
  work: Work,
  delivered: { readonly folder: string; readonly manifest: Manifest },
): Promise<string | undefined> {
  const { rejections } = delivered.manifest
  if (rejections === undefined || rejections.rows === 0) return undefined
  const table = singleWorkTable(work, 'unreadable')
  await createEmptyWorkTable(work, table, 'mapping text collate "C", field text collate "C"')
  let batch: PreparedRejection[] = []
  const lines = createInterface({ input: createReadStream(`${delivered.folder}/${rejections.name}`, 'utf8') })
  for await (const line of lines) {
    if (line === '') continue
    batch.push(preparedRejectionSchema.parse(JSON.parse(line)))
    if (batch.length === batchSize) {
      await insert(work, table, batch)
      batch = []
    }
  }
  await insert(work, table, batch)
  await work.session.execute(`analyze ${table}`)
  return table
}

async function insert(work: Work, table: string, batch: readonly PreparedRejection[]): Promise<void> {
  if (batch.length === 0) return
  await recordRejected(
    work,
    `select r.mapping, r.file, r.line, null, r."column", r.text, r.reason
     from jsonb_to_recordset($1::jsonb) r(mapping text, file text, line bigint, "column" text, text text, reason text)`,
    [JSON.stringify(batch)],
  )
  await work.session.query(
    `insert into ${table} (mapping, field)
     select r.mapping, f.field from jsonb_to_recordset($1::jsonb) r(mapping text, fields jsonb),
       jsonb_array_elements_text(r.fields) f(field) where f.field <> ''`,
    [JSON.stringify(batch)],
  )
}
