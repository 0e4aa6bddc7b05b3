/**
 * A finished change set: what a run would do, in tables, with its counts.
 *
 * It is data, so that a held run can keep it in its row and an approval days later, in another
 * process, finds everything again.
 *
 * @module
 */
import { z } from 'zod'

const countsSchema = z.strictObject({ inserted: z.int(), updated: z.int(), deleted: z.int() })

export const changeSetSchema = z.strictObject({
  prefix: z.string(),
  /** Tables hold: _operation, resource_id, _key, _base_xid, _base_place, _drift, the type's columns. */
  entities: z.array(z.strictObject({ entityType: z.string(), table: z.string(), counts: countsSchema })),
  /** SQL relations, of a held run tables: operation, key, resource_id, digest, place. */
  replicas: z.array(z.strictObject({ source: z.string(), entityType: z.string(), rows: z.string() })),
  /** Tables hold: _operation, _drift, source_id, from_id, to_id, the association's columns. */
  links: z.array(
    z.strictObject({ source: z.string(), association: z.string(), table: z.string(), counts: countsSchema }),
  ),
  /** No incremental may build on what is stored once it is applied. */
  endsChain: z.boolean().default(false),
})
export type ChangeSet = z.infer<typeof changeSetSchema>
