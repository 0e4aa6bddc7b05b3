/**
 * What every piece of a run's life needs: the database, the model and sources, and how origins are settled.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import {
  type Database,
  type ModelWatch,
  one,
  type Session,
  type SQL,
  sql,
  statement,
} from '@sluice/repository'
import type { KnownSource, KnownSources } from '../context/run-context.ts'
import { nameOfMergedKey } from '../sql/lookups.ts'
import { mergedNames } from '../sql/tables.ts'
import type { OnRunClosed } from './run-closed.ts'
import type { RunOrigin, Settlement } from './run-origin.ts'

export interface EngineContext {
  readonly database: Database
  readonly configuration: Pick<Configuration, 'model' | 'sources'>
  /** Keeps a run from being computed with a model that the tables do not follow any more. */
  readonly modelWatch: ModelWatch
  /** Wants to know of every end of a run. */
  readonly onClosed: OnRunClosed
  /** Processes of the database that may help a run with one statement; as many as it allows when absent. */
  readonly parallelWorkers: number | undefined
  readonly settlementOf: (origin: Pick<RunOrigin, 'cause' | 'delivery' | 'mode' | 'source'>) => Settlement
}

/** Connections to read through. */
export type Sessions = Pick<Database, 'session'>

/** What the database knows of the configuration. */
export interface Known {
  /** Every configured source that the database knows, in the order of the configuration. */
  readonly sources: KnownSources
  /** As the context of a run has it. */
  readonly mergedNames: ReadonlySet<string>
}

export async function readKnown(
  session: Session,
  configuration: EngineContext['configuration'],
): Promise<Known> {
  return knownOf(configuration, await one(session, known))
}

/** What `knownColumns` are read as. */
export interface KnownRow {
  readonly sources: readonly { readonly name: string; readonly id: number; readonly acted: boolean }[] | null
  readonly merged_names: readonly string[] | null
}

/** Columns of one row, for a statement that reads more: an edit that changes a value has few of them. */
export const knownColumns: SQL = sql`(select jsonb_agg(jsonb_build_object('name', s.name, 'id', s.source_id,
      'acted', exists (select from sluice_replica_action w where w.source_id = s.source_id))) from sluice_source s) as sources,
    (select array_agg(distinct ${nameOfMergedKey}) from ${mergedNames}) as merged_names`

export function knownOf({ sources }: EngineContext['configuration'], row: KnownRow): Known {
  const known = new Map((row.sources ?? []).map((one) => [one.name, one]))
  return {
    sources: new Map(
      [...sources].flatMap(([name, source]): readonly (readonly [string, KnownSource])[] => {
        const found = known.get(name)
        return found === undefined ? [] : [[name, { source, id: found.id, acted: found.acted }]]
      }),
    ),
    mergedNames: new Set(row.merged_names ?? []),
  }
}

const known = statement<KnownRow>('runs/sources', sql`select ${knownColumns}`)
