/**
 * `sluice audit`: who changed what, here or through a server.
 *
 * @module
 */
import { type AuditRecord, openAccounts } from '@sluice/project'
import { type Context, type GlobalOptions, orEmpty, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { describeBy } from '../output/describe-by.ts'
import { formatInstant } from '../output/quantities.ts'
import { type RecordColumn, writeRecords } from '../output/records.ts'
import { projectPath } from '../project-path.ts'

export interface AuditFlags extends GlobalOptions {
  readonly who?: string
  readonly action?: string
  readonly from?: string
  readonly to?: string
  readonly limit: number
  readonly csv?: boolean
  readonly json?: boolean
  readonly local?: boolean
}

const columns: readonly RecordColumn[] = [
  { name: 'at', title: 'time (UTC)' },
  { name: 'by', title: 'by' },
  { name: 'from', title: 'from' },
  { name: 'action', title: 'action' },
  { name: 'subject', title: 'about' },
  { name: 'result', title: 'result' },
]

export async function audit(context: Context, flags: AuditFlags): Promise<ExitStatus> {
  const { who, action, from, to, limit, csv, json, local } = flags
  await using accounts = await openAccounts(projectPath(context, flags), {
    ...serverOf(context, flags),
    ...orEmpty(flags),
    local,
    onStatement: sqlOf(context, flags),
  })
  const entries = await accounts.audit({ who, action, from, to, limit })
  if (json === true) await context.out.line(JSON.stringify(entries, undefined, 2))
  else if (csv !== true && entries.length === 0) await context.err.line('The audit log has no such entry.')
  else await writeRecords(context.out, csv === true ? 'csv' : 'table', columns, entries.map(lineOf))
  return exitStatus.done
}

function lineOf({ at, by, address, action, subject, result, code }: AuditRecord) {
  return {
    at: formatInstant(at),
    by: by === null ? 'unknown' : describeBy(by),
    from: address ?? 'this machine',
    action,
    subject,
    result: code === null ? result : `${result} (${code})`,
  }
}
