/**
 * What every piece of a run's life needs: the database, the model and sources, and how origins are settled.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import { type Database, type ModelWatch, run, type Session, sql, statement } from '@sluice/repository'
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
  readonly settlementOf: (origin: Pick<RunOrigin, 'cause' | 'delivery' | 'mode' | 'source'>) => Settlement
}

/** What the database knows of the configuration. */
export interface Known {
  /** Every configured source that the database knows, in the order of the configuration. */
  readonly sources: KnownSources
  /** As the context of a run has it. */
  readonly mergedNames: ReadonlySet<string>
}

export async function readKnown(
  session: Session,
  { sources }: EngineContext['configuration'],
): Promise<Known> {
  const { rows } = await run(session, knownSources)
  const known = new Map(rows.map(({ name, ...row }) => [name, row]))
  return {
    sources: new Map(
      [...sources].flatMap(([name, source]): readonly (readonly [string, KnownSource])[] => {
        const row = known.get(name)
        return row === undefined ? [] : [[name, { source, id: row.source_id, acted: row.acted }]]
      }),
    ),
    mergedNames: new Set(rows.flatMap(({ merged_names }) => merged_names ?? [])),
  }
}

const knownSources = statement<{
  name: string
  source_id: number
  acted: boolean
  merged_names: readonly string[] | null
}>(
  'runs/sources',
  // Both in one statement: an edit that changes a value has few.
  sql`select s.name, s.source_id, exists (select from sluice_replica_action w where w.source_id = s.source_id) as acted, (select array_agg(distinct ${nameOfMergedKey}) from ${mergedNames}) as merged_names from sluice_source s`,
)
