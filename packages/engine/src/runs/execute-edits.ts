/**
 * Plain edits that have arrived at once, applied in one transaction: each is a run of its own, in the list of runs and in the history.
 *
 * @module
 */
import {
  type EditRequest,
  type RunReport,
  runLife,
  SluiceError,
  storableJson,
  storableText,
} from '@sluice/model'
import {
  lastModelChange,
  one,
  preparing,
  run,
  type Session,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { applyChangeSet } from '../apply/apply-change-set.ts'
import type { Produced } from '../changes/produced.ts'
import { type LaidOutEdit, layOutTogether } from '../edit/plain-edit.ts'
import { guard } from '../guard/guard.ts'
import type { Edited } from './edited.ts'
import { type EngineContext, type KnownRow, knownColumns, knownOf } from './engine-context.ts'
import { openRun, type RunRequest } from './execute-run.ts'
import type { RunStart } from './run-record.ts'
import { runReport } from './run-report.ts'
import { transactionInTurn } from './take-turn.ts'

/** A plain edit as a run, with what was asked for. */
export type PlainRequest = RunRequest & { readonly asked: EditRequest }

/** Tells which of them has to be executed alone: a limit would hold it. */
class WouldBeHeld extends Error {
  readonly edit: number

  constructor(edit: number) {
    super('A limit holds it.')
    this.edit = edit
  }
}

/** Which of the edits stood in the way of the others, where it was one of them. */
export function culpritOf(error: unknown): number | undefined {
  if (error instanceof WouldBeHeld) return error.edit
  const edit = error instanceof SluiceError ? error.details?.['edit'] : undefined
  return typeof edit === 'number' ? edit : undefined
}

/** Throws where any of them is refused or would be held; then none is applied. */
export async function executeEdits(
  context: EngineContext,
  requests: readonly PlainRequest[],
): Promise<readonly Edited[]> {
  const { database, modelWatch, configuration } = context
  const [first] = requests
  if (first === undefined) return []
  const execute = async (plainSession: Session, waited: number) => {
    // The same statements for each edit: what tells one from another is in their values.
    const session = preparing(plainSession)
    const asked = performance.now() - waited
    const begun = await one(session, beginEdits(requests.length))
    await modelWatch.checkSince(session, begun.changed)
    const starts = begun.ids.map((id): RunStart => ({ runId: Number(id), startedAt: begun.started_at }))
    const runIds = starts.map(({ runId }) => runId)
    const known = knownOf(configuration, begun)
    const of = { runId: runIds[0] ?? 0, rows: requests.length, signal: undefined, known }
    const running = await openRun(context, session, of)
    const laidOut = await layOutTogether(
      running,
      requests.map((request) => request.asked),
      runIds,
    )
    const { changeSet, changesOf, limits, edits } = laidOut
    const held = edits.findIndex((edit) => guard(producedOf(edit), limits).length > 0)
    if (held >= 0) throw new WouldBeHeld(held)
    const together = { runOfChange: sql`c._run`, changesOf }
    await applyChangeSet({ session, model: configuration.model, runId: runIds[0] ?? 0, together }, changeSet)
    const applied = performance.now() - asked
    const all = requests.map((request, index) => reportOf(request, starts[index], edits[index], applied))
    await run(session, recordRuns(all.map(({ report }) => report)))
    return all
  }
  // None of them is alone: that one of those who asked is gone ends nothing for the others.
  // A few rows, found by their ids: another process would take longer to start than they take.
  const done = await transactionInTurn(database, execute, { parallelWorkers: 0 })
  await database.checkpoint()
  return done
}

interface Begun extends KnownRow {
  readonly changed: string | null
  readonly ids: readonly string[]
  readonly started_at: string
}

/**
 * All that has to be known before: when the model changed last, numbers of runs, in order, the time at which they start, and the sources.
 *
 * For the rest of the transaction rows are looked up one by one: PostgreSQL knows nothing of how few are laid out, takes them for a thousand, and would
 * read a table of some ten thousand rows whole for a single edit.
 */
function beginEdits(count: number): Statement<Begun> {
  return statement(
    'runs/begin-edits',
    sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), ${lastModelChange} as changed, now() as started_at, ${knownColumns},
      array(select nextval(pg_get_serial_sequence('sluice_run', 'run_id')) from generate_series(1, ${sql.value(count)}::integer)) as ids`,
  )
}

function producedOf({
  report,
}: LaidOutEdit): Pick<Produced, 'entities' | 'associations' | 'elsewhere' | 'past'> {
  return {
    entities: [report],
    associations: [],
    elsewhere: { entities: [], associations: [], losing: new Map() },
    past: undefined,
  }
}

function reportOf(
  { origin }: PlainRequest,
  start: RunStart | undefined,
  edited: LaidOutEdit | undefined,
  applied: number,
): Edited {
  if (start === undefined || edited === undefined) throw new Error('An edit has no run, or was not laid out.')
  const produced = { ...producedOf(edited), drift: null, stages: [], notes: [] }
  const of = { state: runLife.destinationOf('passed'), produced, exceeded: [] }
  const { entityType, resourceId } = edited
  return {
    report: runReport(origin, start, of, { before: [], applied }),
    resources: [{ edit: 0, entityType, resourceId }],
  }
}

function recordRuns(reports: readonly RunReport[]): Statement {
  const rows = reports.map((report) => ({
    run_id: report.run,
    by_kind: report.by.kind,
    by_name: report.by.name,
    comment: typeof report.comment === 'string' ? storableText(report.comment) : null,
    report,
  }))
  return statement(
    'runs/record-edits',
    sql`insert into sluice_run (run_id, cause, by_kind, by_name, comment, state, started_at, finished_at, report)
      overriding system value
      select j.run_id, 'edit', j.by_kind, j.by_name, j.comment, ${sql.literal(runLife.destinationOf('passed'))}, now(), clock_timestamp(), j.report
      from jsonb_to_recordset(${sql.value(storableJson(rows))}::jsonb)
        j(run_id bigint, by_kind text, by_name text, comment text, report jsonb)`,
  )
}
