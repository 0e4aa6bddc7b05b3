/**
 * Reads the model as the repository remembers it.
 *
 * @module
 */
import { decodeModel, emptyModel, type StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { preparing } from '../database/preparing.ts'
import { run } from '../database/run-statement.ts'
import { sql, statement } from '../sql/statement.ts'

/** The model the tables follow now; empty in a repository that has none yet. */
export async function readModel(session: Session): Promise<StoredModel> {
  const { rows } = await run(preparing(session), storedModel)
  return rows[0] ? decoded(rows[0].model) : emptyModel
}

const storedModel = statement<{ model: string }>(
  'read/model',
  sql`select model::text as model from sluice_model`,
)

/** Of a process that reads several repositories, as many as it has open in turn. */
const most = 8
const models = new Map<string, StoredModel>()

/** Every question about resources begins with the model, which seldom changes: checking it again takes longer than most of them. */
function decoded(text: string): StoredModel {
  const known = models.get(text)
  if (known !== undefined) return known
  const model = decodeModel(JSON.parse(text))
  const [oldest] = models.keys()
  if (models.size >= most && oldest !== undefined) models.delete(oldest)
  models.set(text, model)
  return model
}
