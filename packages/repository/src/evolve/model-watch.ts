/**
 * Notices that another process has carried another model into the repository.
 *
 * @module
 */
import type { Configuration, StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { one } from '../database/run-statement.ts'
import { readModel } from '../read/read-model.ts'
import { type SQL, sql, statement } from '../sql/statement.ts'
import { modelOf, planEvolution } from './evolve.ts'
import { ModelMovedError } from './evolve-errors.ts'

export interface ModelWatch {
  /** Throws `ModelMovedError` unless the tables follow the model of the configuration. */
  check(session: Session): Promise<void>
  /** The same, of when the model changed last as the session has just read it: `lastModelChange`. */
  checkSince(session: Session, changed: string | null): Promise<void>
}

export function watchModel(configuration: Pick<Configuration, 'model' | 'sources'>): ModelWatch {
  const own = modelOf(configuration)
  /** When the model had changed last as it was found to be ours. */
  let ours: string | null = null
  const watch: ModelWatch = {
    async check(session) {
      await watch.checkSince(session, (await one(session, lastChange)).changed)
    },
    async checkSince(session, changed) {
      if (changed !== null && changed === ours) return
      // What a table does not show, such as a description, makes no difference.
      const before = await readModel(session)
      const differences = planEvolution({ before, after: own, sourceIds: anyNumbers(before, own) })
        .filter(({ statements, quiet }) => statements.length > 0 && quiet !== true)
        .map(({ change }) => change)
      if (differences.length > 0) throw new ModelMovedError(differences)
      ours = changed
    },
  }
  return watch
}

/** Only what would change is asked for, and no statement of it is run. */
function anyNumbers(...models: readonly StoredModel[]): ReadonlyMap<string, number> {
  return new Map(models.flatMap(({ sources }) => [...sources.keys()]).map((name) => [name, 0]))
}

/** Scalar subquery: when the model changed last; null before there is any. */
export const lastModelChange: SQL = sql`(select max(changed_at) from sluice_model)`

const lastChange = statement<{ changed: string | null }>(
  'evolve/last-change',
  sql`select ${lastModelChange} as changed`,
)
