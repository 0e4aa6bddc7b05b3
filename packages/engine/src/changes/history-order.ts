/**
 * In which order the changes of a history are shown, and where one stands in it.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'

/** Keys are compared as far as this; those that begin alike follow one another by their ids. */
const comparedLength = 200

/** SQL of what is compared of a key; one that is not known comes before all others. */
export function comparedKey(key: SQL): SQL {
  return sql`left(coalesce(${key}, ''), ${sql.literal(comparedLength)})`
}

/** Of resources `h`. By bytes, because a hundred thousand are compared for a page. */
export const entityOrder = sql`h.entity_type, h.operation collate "C", ${comparedKey(sql`h.key`)}, h.resource_id`

/** Of links `h` of one association. */
export const linkOrder = sql`h.operation collate "C", h.from_id, h.to_id`

/** Type, operation, key, id; of links association, operation, '', the ids of both ends. */
export interface HistoryPlace {
  readonly type: string
  readonly operation: string
  readonly key: string
  readonly id: string
  readonly to: string
}

export function behindEntity({ type, operation, key, id }: HistoryPlace): SQL {
  return sql`(${entityOrder}) > (${sql.value(type)}, ${sql.value(operation)}, ${comparedKey(sql`${sql.value(key)}::text`)}, ${sql.value(id)}::bigint)`
}

export function behindLink({ operation, id, to }: HistoryPlace): SQL {
  return sql`(${linkOrder}) > (${sql.value(operation)}, ${sql.value(id)}::bigint, ${sql.value(to)}::bigint)`
}
