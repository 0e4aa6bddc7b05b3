/**
 * Reads the model as the repository remembers it.
 *
 * @module
 */
import { decodeModel, emptyModel, type StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'

/** The model the tables follow now; empty in a repository that has none yet. */
export async function readModel(session: Session): Promise<StoredModel> {
  const { rows } = await session.query<{ model: unknown }>('select model from sluice_model')
  return rows[0] ? decodeModel(rows[0].model) : emptyModel
}
