/**
 * The audit log of a repository: written down by its servers and the command line, read by whoever administers it.
 *
 * @module
 */
import { type AuditQuery, type AuditRecord, auditRecordSchema, type RunBy, storableJson } from '@sluice/model'
import { z } from 'zod'
import { askTogether } from '../database/ask-together.ts'
import type { Database } from '../database/database.ts'
import { preparing } from '../database/preparing.ts'
import { run } from '../database/run-statement.ts'
import { allOf } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'

interface NewAuditRecord {
  /** Absent: nobody that is known. */
  readonly by?: RunBy | undefined
  /** Absent: on the machine of the repository. */
  readonly address?: string | undefined
  readonly action: string
  readonly subject: string
  /** As HTTP has it. */
  readonly status: number
  readonly code?: string | undefined
}

export interface AuditLog {
  record(entry: NewAuditRecord): Promise<void>
  /** The newest first; 100 when no limit is given. */
  read(query: AuditQuery): Promise<readonly AuditRecord[]>
}

/** Characters of a subject: addresses may hold keys of any length. */
const longestSubject = 500
const usualLimit = 100

export function openAuditLog(database: Database): AuditLog {
  return {
    record: recorder(database),
    async read(query) {
      const { rows } = await database.session((session) => run(session, records(query)))
      return rows.map(decode)
    },
  }
}

/** What is recorded in the same moment is one statement: with each of its own, a server would wait for the disk twice for a single edit. */
function recorder(database: Database): AuditLog['record'] {
  return askTogether(async (entries: readonly NewAuditRecord[]) => {
    await database.session((session) => run(preparing(session), insertRecords(entries)))
    return entries.map(() => undefined)
  })
}

function insertRecords(entries: readonly NewAuditRecord[]): Statement {
  const rows = entries.map(({ by, address, action, subject, status, code }) => ({
    by_kind: by?.kind,
    by_name: by?.name,
    address,
    action,
    subject: subject.slice(0, longestSubject),
    status,
    code,
  }))
  return statement(
    'audit/record',
    sql`insert into sluice_audit (by_kind, by_name, address, action, subject, status, code)
    select j.* from jsonb_to_recordset(${sql.value(storableJson(rows))}::jsonb)
      j(by_kind text, by_name text, address text, action text, subject text, status integer, code text)`,
  )
}

function records({ who, action, from, to, before, limit = usualLimit }: AuditQuery): Statement {
  const given = (value: string | number | undefined, condition: (value: SQL) => SQL) =>
    value === undefined ? [] : [condition(sql.value(value))]
  const where = allOf([
    ...given(who, (value) => sql`by_name = ${value}`),
    ...given(action, (value) => sql`action = ${value}`),
    ...given(from, (value) => sql`at >= ${value}::timestamptz`),
    ...given(to, (value) => sql`at < ${value}::timestamptz`),
    ...given(before, (value) => sql`position < ${value}::bigint`),
  ])
  return statement(
    'audit/read',
    sql`select position, at, by_kind, by_name, address, action, subject, status, code from sluice_audit
    where ${where} order by position desc limit ${sql.value(limit)}::bigint`,
  )
}

const rowSchema = z.object({
  position: z.coerce.number(),
  at: z.string(),
  by_kind: z.string().nullable(),
  by_name: z.string().nullable(),
  address: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  status: z.number(),
  code: z.string().nullable(),
})

function decode(row: object): AuditRecord {
  const { by_kind: kind, by_name: name, status, ...rest } = rowSchema.parse(row)
  const result = status < 400 ? 'done' : status < 500 ? 'refused' : 'failed'
  return auditRecordSchema.parse({ ...rest, status, result, by: kind === null ? null : { kind, name } })
}
