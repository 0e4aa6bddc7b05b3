/**
 * Keeps the queue of doubtful matches in step with what a run leaves of the rows: which wait, of which a decision was carried out, and which
 * need none any more.
 *
 * @module
 */
import { type MatchEvent, matchLife } from '@sluice/model'
import { commas, run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { replicasOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'

type StatusEntry = ChangeSet['statuses'][number]

export async function rememberMatches(
  { session, runId }: Pick<Applying, 'session' | 'runId'>,
  entry: StatusEntry,
): Promise<void> {
  await run(session, noteVanished(entry, runId))
  await run(session, noteDoubted(entry, runId))
  await run(session, noteCarriedOut(entry, runId))
  await run(session, noteUnlinked(entry))
  await run(session, noteSettled(entry, runId))
}

const stateAfter = (event: MatchEvent) => sql.literal(matchLife.destinationOf(event))
const takes = (event: MatchEvent) =>
  sql`m.state in (${commas(matchLife.statesThatTake(event).map((state) => sql.literal(state)))})`

function isOf({ source, entityType }: StatusEntry): SQL {
  return sql`m.source_id = (select source_id from sluice_source where name = ${sql.literal(source)}) and m.entity_type = ${sql.literal(entityType)}`
}

/** Only of the resource that the run has missed: somebody may have decided for another one since. */
function noteVanished(entry: StatusEntry, runId: number): Statement {
  return statement(
    `apply/note-vanished ${entry.entityType}`,
    sql`update sluice_match m set state = ${stateAfter('vanished')}, decision = null, resource_id = null, due = false, unlinks = false,
      state_since = clock_timestamp(), state_run = ${sql.literal(runId)}, decided_by_kind = null, decided_by_name = null, decided_at = null, comment = null
    from ${new Table(entry.table)} c where ${isOf(entry)} and ${takes('vanished')} and m.key = c.key
      and c.error ->> 'code' = 'doubtful_match' and (c.error ->> 'gone')::bigint = m.resource_id`,
  )
}

/** What is as it was is not written. */
function noteDoubted({ source, entityType, table }: StatusEntry, runId: number): Statement {
  return statement(
    `apply/note-doubted ${entityType}`,
    sql`insert into sluice_match as m (source_id, entity_type, key, state_run, rule, matched, candidate_count, candidates)
    select s.source_id, ${sql.literal(entityType)}, c.key, ${sql.literal(runId)}, (c.error ->> 'rule')::int,
      nullif(c.error -> 'matched', 'null'), (c.error ->> 'count')::int,
      array(select x::bigint from jsonb_array_elements_text(c.error -> 'candidates') x)
    from ${new Table(table)} c join ${replicasOf(source, entityType)} r on r.key = c.key
      join sluice_source s on s.name = ${sql.literal(source)}
    where c.operation = 'write' and c.error ->> 'code' = 'doubtful_match' order by r.seq
    on conflict (source_id, entity_type, key) do update set state = ${stateAfter('doubted')},
      state_since = case when m.state = ${stateAfter('doubted')} then m.state_since else clock_timestamp() end,
      state_run = excluded.state_run, rule = excluded.rule, matched = excluded.matched,
      candidate_count = excluded.candidate_count, candidates = excluded.candidates, due = false
    where ${takes('doubted')} and (m.state, m.due, m.rule, m.matched, m.candidate_count, m.candidates)
      is distinct from (${stateAfter('doubted')}, false, excluded.rule, excluded.matched, excluded.candidate_count, excluded.candidates)`,
  )
}

function noteCarriedOut(entry: StatusEntry, runId: number): Statement {
  const isDone = sql`case m.decision when 'link' then c.resource_id = m.resource_id and c.status = 'synchronized'
    when 'create' then c.status = 'synchronized' else c.error ->> 'code' = 'ignored' end`
  const done = stateAfter('carriedOut')
  return statement(
    `apply/note-carried-out ${entry.entityType}`,
    sql`update sluice_match m set state = ${done}, due = false, resource_id = coalesce(c.resource_id, m.resource_id),
      state_since = case when m.state = ${done} then m.state_since else clock_timestamp() end,
      state_run = case when m.state = ${done} then m.state_run else ${sql.literal(runId)} end
    from ${new Table(entry.table)} c where ${isOf(entry)} and ${takes('carriedOut')} and m.key = c.key and c.operation = 'write' and ${isDone}
      and (m.state, m.due, m.resource_id) is distinct from (${done}, false, coalesce(c.resource_id, m.resource_id))`,
  )
}

function noteUnlinked(entry: StatusEntry): Statement {
  return statement(
    `apply/note-unlinked ${entry.entityType}`,
    sql`update sluice_match m set unlinks = false, due = false
    from ${new Table(entry.table)} c where ${isOf(entry)} and m.unlinks and m.key = c.key and c.operation = 'unlink'`,
  )
}

/** Its row found a resource, or none, has another fault, or is gone. */
function noteSettled(entry: StatusEntry, runId: number): Statement {
  return statement(
    `apply/note-settled ${entry.entityType}`,
    sql`update sluice_match m set state = ${stateAfter('settled')}, state_since = clock_timestamp(), state_run = ${sql.literal(runId)},
      due = false, unlinks = false
    where ${isOf(entry)} and ${takes('settled')} and not m.unlinks
      and not exists (select from ${replicasOf(entry.source, entry.entityType)} r where r.key = m.key and r.error ->> 'code' = 'doubtful_match')`,
  )
}
