/**
 * Reads how far the repository is with every source, in one statement however many runs there are.
 *
 * @module
 */
import { deliveryLife, matchLife, runLife, type SourceState, sourceStateSchema } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { readSuspensions } from '../definitions/suspensions.ts'
import { sourceLock } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { faultyIn, rejectedIn } from './figures-of-report.ts'

export interface SourceStates {
  /** UTC, by the clock of the database. */
  readonly at: string
  readonly sources: ReadonlyMap<string, SourceState>
}

export async function readSourceStates(database: Database): Promise<SourceStates> {
  const { rows, suspensions, now } = await database.session(async (session) => ({
    rows: (await run(session, states)).rows,
    suspensions: await readSuspensions(session),
    now: (await run(session, clock)).rows[0]?.now,
  }))
  const sources = new Map<string, SourceState>()
  for (const row of rows) {
    const suspension = suspensions.get(row.name) ?? null
    const { resumedAt, ...state } = row
    const parsed = sourceStateSchema.parse({
      ...state,
      suspension,
      resumedAt: suspension === null ? resumedAt : null,
    })
    sources.set(parsed.name, await asItIs(database, parsed))
  }
  return { at: now ?? new Date().toISOString(), sources }
}

/** A run that says it is at work, while nobody holds its source, was left behind by a process that died. */
async function asItIs(database: Database, state: SourceState): Promise<SourceState> {
  const { lastRun, name } = state
  if (lastRun?.state !== 'running' || (await database.isLocked(sourceLock(name)))) return state
  return { ...state, lastRun: { ...lastRun, state: 'interrupted' } }
}

const clock = statement<{ now: string }>('read/clock', sql`select clock_timestamp() as now`)

const applied = sql.literal(runLife.destinationOf('passed'))
/** What a source asserts itself: ageing, decisions and reverts need nothing of it. */
const ofSource = sql`r.source_id = s.source_id and r.cause in ('delivery', 'replicas')`
const inVain = [runLife.destinationOf('failed'), runLife.destinationOf('interrupted')].map((state) =>
  sql.literal(state),
)
const heldStates = runLife.statesThatTake('approved').map((state) => sql.literal(state))
const aside = deliveryLife.statesThatTake('released').map((state) => sql.literal(state))
const waiting = matchLife.statesThatTake('settled').map((state) => sql.literal(state))

function deliveriesIn(state: SQL): SQL {
  return sql`count(*) filter (where d.state = ${state})`
}

interface StateRow extends Row {
  readonly name: string
  readonly resumedAt: string | null
}

/** Instants come as their type says, and not out of JSON, whose form of them is another. */
const states: Statement<StateRow> = statement(
  'read/source-states',
  sql`select s.name, s.applied_delivery as "appliedDelivery",
    case when last.run_id is not null then jsonb_build_object('run', last.run_id, 'mode', last.mode, 'state', last.state,
      'startedAt', ${utc(sql`last.started_at`)}, 'finishedAt', ${utc(sql`last.finished_at`)}, 'error', last.error) end as "lastRun",
    case when applied.run_id is not null then jsonb_build_object('run', applied.run_id, 'finishedAt', ${utc(sql`applied.finished_at`)},
      'age', greatest(0, extract(epoch from clock_timestamp() - applied.finished_at) * 1000)) end as "lastApplied",
    failed.error as "lastError",
    (select count(*) from sluice_run r where ${ofSource} and r.run_id > coalesce(applied.run_id, 0) and r.state in (${commas(inVain)}))::int as failures,
    (select max(r.run_id) from sluice_run r where r.source_id = s.source_id and r.state in (${commas(heldStates)}))::int as "heldRun",
    queue.counts as queue, queue.aside as "asideDelivery",
    ${rejectedIn(sql`applied.report`)}::int as rejected, ${faultyIn(sql`applied.report`)}::int as faulty,
    coalesce(orphans.number, 0)::int as orphans,
    (select count(*) from sluice_match m where m.source_id = s.source_id and m.state in (${commas(waiting)}))::int as doubtful,
    (select count(*) from sluice_graph_failure f where f.source_id = s.source_id)::int as "failedRoots",
    coalesce(x.resumed_at, x.until_at) as "resumedAt"
  from sluice_source s
  left join sluice_suspension x on x.source_id = s.source_id
  left join lateral (select r.run_id, r.mode, r.state, r.started_at, r.finished_at, nullif(r.report -> 'error', 'null') as error
    from sluice_run r where ${ofSource} order by -r.run_id limit 1) last on true
  left join lateral (select r.run_id, r.finished_at, r.report
    from sluice_run r where ${ofSource} and r.state = ${applied} order by -r.run_id limit 1) applied on true
  left join lateral (select jsonb_build_object('run', r.run_id, 'at', ${utc(sql`r.at`)}) || (r.report -> 'error') as error from (
      select r.run_id, r.state, coalesce(r.finished_at, r.started_at) as at, r.report
      from sluice_run r where ${ofSource} order by -r.run_id limit 100) r
    where r.state in (${commas(inVain)}) and jsonb_typeof(r.report -> 'error') = 'object' order by -r.run_id limit 1) failed on true
  left join lateral (select jsonb_build_object('announced', ${deliveriesIn(sql`'announced'`)}, 'ready', ${deliveriesIn(sql`'ready'`)},
      'held', ${deliveriesIn(sql`'held'`)}, 'aside', ${deliveriesIn(sql`'aside'`)}) as counts,
      (array_agg(d.delivery_id order by d.position) filter (where d.state in (${commas(aside)})))[1] as aside
    from sluice_delivery d where d.source_id = s.source_id
      and d.state in (${commas(deliveryLife.open.map((state) => sql.literal(state)))})) queue on true
  left join (select w.source_id, sum(w.number) as number from (
      select o.source_id, count(*) as number from sluice_orphan_reference o group by o.source_id
      union all select o.source_id, count(*) from sluice_orphan_link o group by o.source_id) w
    group by w.source_id) orphans on orphans.source_id = s.source_id
  order by s.name`,
)

/** ISO 8601, as instants come out of the database by themselves. */
function utc(instant: SQL): SQL {
  return sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
