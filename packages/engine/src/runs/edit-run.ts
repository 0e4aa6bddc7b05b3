/**
 * What was asked for of a run that is held and has to be computed again, and by whom: edits, a run to be taken back or whose rejected rows are tried again, roots to be evaluated anew, or the deletion of a source.
 *
 * @module
 */
import {
  type EditRequest,
  type EvaluateRequest,
  editRequestSchema,
  evaluateRequestSchema,
  type ResourceFate,
  type RetryRequest,
  type RevertRequest,
  type RunBy,
  type RunByKind,
  resourceFates,
  retryRequestSchema,
  revertRequestSchema,
  storableJson,
} from '@sluice/model'
import { one, run, type Session, sql, statement } from '@sluice/repository'
import { z } from 'zod'

export type Asked = EditRequest | RevertRequest | RetryRequest | EvaluateRequest
const askedSchema = z.union([
  editRequestSchema,
  revertRequestSchema,
  retryRequestSchema,
  evaluateRequestSchema,
])

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

/** What is to become of the resources of the source that the run takes away; `undefined` of any other run. */
export async function readRemoval(session: Session, runId: number): Promise<Removal | undefined> {
  const { rows } = await run(
    session,
    statement<{ request: unknown; source: string; by_kind: RunByKind; by_name: string }>(
      'runs/read-removal',
      sql`select r.request, s.name as source, r.by_kind, r.by_name from sluice_run r join sluice_source s using (source_id)
      where r.run_id = ${sql.literal(runId)} and r.cause = 'removal'`,
    ),
  )
  const [row] = rows
  if (row === undefined) return undefined
  const { fate } = removalSchema.parse(row.request)
  return { source: row.source, by: { kind: row.by_kind, name: row.by_name }, fate }
}

export interface Removal {
  readonly source: string
  readonly by: RunBy
  readonly fate: ResourceFate
}

const removalSchema = z.object({ fate: z.enum(resourceFates) })

/** In a run's own transaction. */
export async function keepFate(session: Session, runId: number, fate: ResourceFate): Promise<void> {
  await keep(session, runId, { fate })
}

/** With a run that is held. */
export async function keepRequest(session: Session, runId: number, request: Asked): Promise<void> {
  await keep(session, runId, request)
}

async function keep(session: Session, runId: number, request: object): Promise<void> {
  await run(
    session,
    statement(
      'runs/keep-request',
      sql`update sluice_run set request = ${sql.value(storableJson(request))}::jsonb where run_id = ${sql.literal(runId)}`,
    ),
  )
}
