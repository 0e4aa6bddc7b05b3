/**
 * The run of an edit, of one that takes another back, or tries its rejected rows again, that is held: what was asked for, and by whom.
 *
 * @module
 */
import {
  type EditRequest,
  editRequestSchema,
  type RetryRequest,
  type RevertRequest,
  type RunBy,
  type RunByKind,
  retryRequestSchema,
  revertRequestSchema,
  storableJson,
} from '@sluice/model'
import { one, run, type Session, sql, statement } from '@sluice/repository'
import { z } from 'zod'

export type Asked = EditRequest | RevertRequest | RetryRequest
const askedSchema = z.union([editRequestSchema, revertRequestSchema, retryRequestSchema])

export async function readEditRun(
  session: Session,
  runId: number,
): Promise<{
  readonly request: Asked
  readonly by: RunBy
  readonly comment: string | undefined
}> {
  const recorded = statement<{
    request: unknown
    by_kind: RunByKind
    by_name: string
    comment: string | null
  }>(
    'runs/read-edit',
    sql`select request, by_kind, by_name, comment from sluice_run where run_id = ${sql.literal(runId)} and request is not null`,
  )
  const { request, by_kind: kind, by_name: name, comment } = await one(session, recorded)
  return {
    request: askedSchema.parse(request),
    by: { kind, name },
    comment: comment ?? undefined,
  }
}

/** With a run that is held. */
export async function keepRequest(session: Session, runId: number, request: Asked): Promise<void> {
  await run(
    session,
    statement(
      'runs/keep-request',
      sql`update sluice_run set request = ${sql.value(storableJson(request))}::jsonb where run_id = ${sql.literal(runId)}`,
    ),
  )
}
