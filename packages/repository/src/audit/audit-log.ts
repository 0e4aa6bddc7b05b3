/**
 * The audit log of a repository: written down by its servers and the command line, read by whoever administers it.
 *
 * @module
 */
import { type AuditQuery, type AuditRecord, auditRecordSchema, type RunBy } from '@sluice/model'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
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
    async record(entry) {
      await database.session((session) => run(session, insertRecord(entry)))
    },
    async read(query) {
      const { rows } = await database.session((session) => run(session, records(query)))
      return rows.map(decode)
    },
  }
}

function insertRecord({ by, address, action, subject, status, code }: NewAuditRecord): Statement {
  return statement(
    'audit/record',
    sql`insert into sluice_audit (by_kind, by_name, address, action, subject, status, code)
    values (${sql.value(by?.kind ?? null)}, ${sql.value(by?.name ?? null)}, ${sql.value(address ?? null)}, ${sql.value(action)},
      ${sql.value(subject.slice(0, longestSubject))}, ${sql.value(status)}, ${sql.value(code ?? null)})`,
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
