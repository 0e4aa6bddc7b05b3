/**
 * Rows of a delivery of which no replica is known yet.
 *
 * Their replicas are written once, with what the run makes of them: a million that are written first and updated afterwards take twice as
 * long, and leave a table of twice the size to every later run. A run that is held writes them as they are before it (`keepArrivals`).
 *
 * @module
 */
import { more, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { SharedShape } from '../sql/shared-shape.ts'
import { assertedTexts } from './asserted-texts.ts'

export interface Arrivals {
  readonly shape: EntityShape
  /** Rows that say something new; those without _replica_place arrive. */
  readonly candidates: Table
  /** How many arrive. */
  readonly count: number
}

/** As a replica is before any run has looked at it: the columns of `r` but key and digest. */
const untouched = sql`'new' collate "C" as status, null::bigint as resource_id, false as creator, 0::bigint as revision,
  null::bigint as attached_run, null::bigint as changed_run, '{}'::text[] as let_go, null::jsonb as warnings`

/** From clause: their replicas `r` as they would be, numbered in their order, and what they assert, `v`. */
export function arrivingRows(shared: SharedShape, { shape, candidates }: Arrivals): SQL {
  const { properties, linkSets, replicas } = shared
  // What several columns name together follows from them in both tables.
  const together = shape.composed.map(({ name }) => ({
    name,
    text: sql`coalesce(${sql.identifier(name)}, '')`,
  }))
  const texts = new Map([...assertedTexts(shape), ...together].map(({ name, text }) => [name, text]))
  const names = [...properties.flatMap(({ asserted }) => asserted), ...linkSets.map(({ column }) => column)]
  // A mapping may say nothing of one.
  const columns = names.map(
    (name) => sql`(${texts.get(name) ?? sql`null::text`}) collate "C" as ${sql.identifier(name)}`,
  )
  const numbers = sql`(select pg_get_serial_sequence(${sql.literal(`"${replicas.name}"`)}, 'seq')::regclass)`
  return sql`(select x.*, nextval(${numbers}) as _seq from (
      select ${shape.key} collate "C" as _key, _digest${more(columns)} from ${candidates} where _replica_place is null order by _row) x) v
    cross join lateral (select v._key as key, v._seq as seq, v._digest as digest, ${untouched}) r`
}

/** Writes the replicas of those for which `which` holds of `r`, as they are before any run has looked at them. */
export function addArrivals(shared: SharedShape, { shape, candidates }: Arrivals, which: SQL): Statement {
  return statement(
    `replicas/add-arrivals ${shared.mapping.name}`,
    sql`insert into ${shared.replicas} (key, digest)
    select r.key, r.digest from ${candidates} a cross join lateral (select a.${shape.key} as key, a._digest as digest, ${untouched}) r
    where a._replica_place is null and ${which} order by a._row`,
  )
}
