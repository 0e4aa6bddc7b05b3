/**
 * Reads the model as the repository remembers it.
 *
 * @module
 */
import { decodeModel, emptyModel, type StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { sql, statement } from '../sql/statement.ts'

/** The model the tables follow now; empty in a repository that has none yet. */
export async function readModel(session: Session): Promise<StoredModel> {
  const { rows } = await run(session, storedModel)
  return rows[0] ? decodeModel(rows[0].model) : emptyModel
}

const storedModel = statement<{ model: unknown }>('read/model', sql`select model from sluice_model`)
