/**
 * What every piece of a run's life needs: the database, the model and sources, and how origins are settled.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import { type Database, type ModelWatch, run, type Session, sql, statement } from '@sluice/repository'
import type { KnownSource, KnownSources } from '../context/run-context.ts'
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

/** Every configured source that the database knows, in the order of the configuration. */
export async function readSources(
  session: Session,
  { sources }: EngineContext['configuration'],
): Promise<KnownSources> {
  const { rows } = await run(
    session,
    statement<{ name: string; source_id: number }>(
      'runs/sources',
      sql`select name, source_id from sluice_source`,
    ),
  )
  const ids = new Map(rows.map(({ name, source_id }) => [name, source_id]))
  return new Map(
    [...sources].flatMap(([name, source]): readonly (readonly [string, KnownSource])[] => {
      const id = ids.get(name)
      return id === undefined ? [] : [[name, { source, id }]]
    }),
  )
}
