/**
 * What the engine is asked to do with the tables of an open source, and what is made sure of before.
 *
 * @module
 */
import { overtakeHeldRun, produceFromReplicas, RunNotHeldError, type RunRequest } from '@sluice/engine'
import { type OnProgress, type RunBy, type RunCause, runLife, type Source } from '@sluice/model'
import {
  assertedTable,
  commas,
  type Database,
  one,
  run,
  type Session,
  sql,
  statement,
  Table,
  unionAll,
} from '@sluice/repository'
import { sourceNumber } from '../load/open-source.ts'
import { NotOwnerError, SourceObsoleteError } from './table-errors.ts'

/** Who wants a source to be run. */
export interface Runner {
  readonly name: string
  readonly administrator: boolean
}

/** Throws where the source is not to be run, or not by this one; `undefined`: whoever has the repository at hand. */
export function requireMayRun({ name, owner, status }: Source, runner: Runner | undefined): void {
  if (runner !== undefined && !runner.administrator && runner.name !== owner)
    throw new NotOwnerError(name, runner.name, owner)
  if (status === 'obsolete') throw new SourceObsoleteError(name)
}

export interface TableRun {
  readonly source: Source
  readonly by: RunBy
  /** It follows a load of the whole source, so that what that missed has disappeared. */
  readonly loaded: boolean
  /** Rows that there are, as far as that makes a difference. */
  readonly rows: number
  readonly onProgress: OnProgress | undefined
}

export function runOfTable({ source, by, loaded, rows, onProgress }: TableRun): RunRequest {
  return {
    origin: {
      cause: 'replicas',
      by,
      delivery: null,
      source: source.name,
      // Computed again after it was held, it still is what it was.
      mode: loaded ? 'complete' : null,
    },
    produce: produceFromReplicas({ source: source.name, loaded, onProgress }),
    rows,
    onProgress,
  }
}

/** More rows than that are many, however many they are. */
const many = 100_000

/** How many rows stand in the tables of the source, or as many as are many. */
export async function countRows(session: Session, { name, entities }: Source): Promise<number> {
  const id = await sourceNumber(session, name)
  const tables = entities.map(({ entityType }) => new Table(assertedTable(entityType, id)))
  if (tables.length === 0) return 0
  const rows = unionAll(tables.map((table) => sql`select from ${table}`))
  const { count } = await one(
    session,
    statement<{ count: number }>(
      'tables/count-rows',
      sql`select count(*)::int as count from (select from (${rows}) x limit ${sql.literal(many)}) y`,
    ),
  )
  return count
}

/** Lets go of held runs of the source: the next one computes all that they did, and what came since. */
export async function replaceHeld(
  database: Database,
  source: string,
  causes: readonly RunCause[] = ['replicas', 'ageing'],
): Promise<void> {
  const held = await database.session((session) => heldRuns(session, source, causes))
  for (const id of held) {
    await database.transaction(async (session) => {
      try {
        await overtakeHeldRun(session, id, { replacement: null, reason: replaced })
      } catch (error) {
        // Somebody has decided about it meanwhile.
        if (!(error instanceof RunNotHeldError)) throw error
      }
    })
  }
}

export const replaced = 'Replaced by the next run of the source.'

/** Numbers of the runs of a source of these causes that wait for a decision. */
export async function heldRuns(
  session: Session,
  source: string,
  causes: readonly RunCause[],
): Promise<readonly number[]> {
  const states = runLife.statesThatTake('approved').map((state) => sql.literal(state))
  const { rows } = await run(
    session,
    statement<{ run_id: string }>(
      'tables/held-runs',
      sql`select run_id from sluice_run where source_id = (select source_id from sluice_source where name = ${sql.value(source)})
        and cause in (${commas(causes.map((cause) => sql.literal(cause)))}) and state in (${sql.join(states, ', ')}) order by run_id`,
    ),
  )
  return rows.map(({ run_id }) => Number(run_id))
}

/** What a run of a table came from, to compute it again. */
export async function originOfRun(
  database: Database,
  runId: number,
): Promise<Pick<TableRun, 'by' | 'loaded'>> {
  const { by_kind, by_name, loaded } = await database.session((session) =>
    one(
      session,
      statement<{ by_kind: RunBy['kind']; by_name: string; loaded: boolean }>(
        'tables/origin',
        sql`select by_kind, by_name, mode is not null as loaded from sluice_run where run_id = ${sql.literal(runId)}`,
      ),
    ),
  )
  return { by: { kind: by_kind, name: by_name }, loaded }
}
