/**
 * What people decide of rows that several resources match, and what they take back: written down, for a run to carry out.
 *
 * All of it or nothing, as set operations. No run is at work meanwhile: what it has read of the queue is what it leaves.
 *
 * @module
 */
import {
  type EntityModel,
  type EntityType,
  type MatchEvent,
  type MatchedRow,
  type MatchState,
  matchLife,
  type NewDecision,
  type RunBy,
} from '@sluice/model'
import {
  anyOf,
  family,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { resourcesOf } from '../sql/tables.ts'
import {
  NoSuchCandidateError,
  NoSuchMatchError,
  NothingDecidedError,
  NotWaitingError,
} from './match-errors.ts'

export interface Deciding {
  readonly by: RunBy
  readonly comment?: string | undefined
}

export async function decideMatches(
  session: Session,
  model: EntityModel,
  decisions: readonly NewDecision[],
  { by, comment }: Deciding,
): Promise<void> {
  for (const { row, state } of await statesOf(session, decisions))
    if (!matchLife.takes(state, 'decided')) throw new NotWaitingError(row, state)
  await requireResources(session, model, decisions)
  await run(
    session,
    statement(
      'matches/decide',
      sql`update sluice_match m set state = ${stateAfter('decided')}, state_since = clock_timestamp(), state_run = null, due = true,
        decision = j.decision, resource_id = j.resource, decided_by_kind = ${sql.value(by.kind)}, decided_by_name = ${sql.value(by.name)},
        decided_at = clock_timestamp(), comment = ${sql.value(comment ?? null)}
      from ${given(decisions)} where ${isMeant}`,
    ),
  )
}

/** A row that has its resource by the decision leaves it with the next run; one that was created for it stays. */
export async function undoMatches(session: Session, rows: readonly MatchedRow[]): Promise<void> {
  for (const { row, state } of await statesOf(session, rows))
    if (!matchLife.takes(state, 'undone')) throw new NothingDecidedError(row)
  const carriedOut = sql.literal(matchLife.destinationOf('carriedOut'))
  await run(
    session,
    statement(
      'matches/undo',
      sql`update sluice_match m set state = ${stateAfter('undone')}, state_since = clock_timestamp(), state_run = null, due = true,
        unlinks = m.state = ${carriedOut} and m.decision <> 'ignore',
        decision = null, resource_id = null, decided_by_kind = null, decided_by_name = null, decided_at = null, comment = null
      from ${given(rows)} where ${isMeant}`,
    ),
  )
}

function stateAfter(event: MatchEvent): SQL {
  return sql.literal(matchLife.destinationOf(event))
}

/** Relation `j` of what was asked, with the number of its source. */
function given(rows: readonly (MatchedRow | NewDecision)[]): SQL {
  return sql`(select g.*, s.source_id from rows from (jsonb_to_recordset(${sql.value(JSON.stringify(rows))}::jsonb)
      as (source text, "entityType" text, key text, decision text, resource bigint))
    with ordinality g(source, "entityType", key, decision, resource, n)
    left join sluice_source s on s.name = g.source) j`
}

const isMeant = sql`m.source_id = j.source_id and m.entity_type = j."entityType" and m.key = j.key`

interface KnownMatch {
  readonly row: MatchedRow
  readonly state: MatchState
}

/** Of each row. Throws where one is none that ever waited. */
async function statesOf(session: Session, rows: readonly MatchedRow[]): Promise<readonly KnownMatch[]> {
  const { rows: found } = await run(session, findStates(rows))
  return found.map(({ state, ...row }) => {
    if (state === null) throw new NoSuchMatchError(row)
    return { row, state }
  })
}

function findStates(
  rows: readonly MatchedRow[],
): Statement<MatchedRow & { readonly state: MatchState | null }> {
  return statement(
    'matches/find-states',
    sql`select j.source, j."entityType", j.key, m.state from ${given(rows)} left join sluice_match m on ${isMeant} order by j.n`,
  )
}

async function requireResources(
  session: Session,
  model: EntityModel,
  decisions: readonly NewDecision[],
): Promise<void> {
  const types = new Set(decisions.map(({ entityType }) => entityType))
  for (const name of types) {
    const links = decisions.filter(
      ({ entityType, resource }) => entityType === name && resource !== undefined,
    )
    const types = family(model, name)
    if (links.length === 0 || types.length === 0) continue
    const ids = links.flatMap(({ resource }) => resource ?? [])
    const { rows } = await run(session, missingAmong(name, types, ids))
    const missing = links.find(({ resource }) => rows.some(({ id }) => id === resource))
    if (missing?.resource !== undefined) throw new NoSuchCandidateError(missing, missing.resource)
  }
}

function missingAmong(
  name: string,
  types: readonly EntityType[],
  ids: readonly string[],
): Statement<{ id: string }> {
  const isThere = types.map(
    (type) => sql`exists (select from ${resourcesOf(type.name)} o where o.resource_id = x.id::bigint)`,
  )
  return statement(
    `matches/find-missing ${name}`,
    sql`select x.id from unnest(${sql.value(ids)}::text[]) x(id) where not ${anyOf(isThere)}`,
  )
}
