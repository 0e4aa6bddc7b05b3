/**
 * The keys of the rows that orders name: as they are named, or by what their resources are called.
 *
 * @module
 */
import { type EntityMapping, spellingOf } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { entityTypeOf, type KnownSource } from '../context/run-context.ts'
import { sharedShape } from '../sql/shared-shape.ts'
import { displayedBy, type Known } from './shown-values.ts'
import type { RowsSubject } from './subject.ts'

/** What a name may stand for. */
export interface Candidates {
  /** The name as the source writes it: of a row to come. */
  readonly spelled: string
  /** Of the row that is named so. */
  readonly key: string | null
  /** Of those whose resources are called so. */
  readonly called: readonly string[]
}

export async function findKeys(
  session: Session,
  context: Known,
  { known, mapping }: RowsSubject,
  names: readonly string[],
): Promise<(name: string) => Candidates> {
  const spelled = spellingOfKey(context, known, mapping)
  const asked = [...new Set(names)].map((name) => [name, spelled(name)] as const)
  const { rows } = await run(session, keysOf(context, known, mapping, asked))
  const found = new Map(rows.map((row) => [row.name, row]))
  return (name) => {
    const { key = null, called = null } = found.get(name) ?? {}
    return { spelled: spelled(name), key, called: called ?? [] }
  }
}

/** Keys of delivered rows are kept in one spelling, those of open tables as they are written. */
function spellingOfKey(
  context: Known,
  { source }: KnownSource,
  mapping: EntityMapping,
): (text: string) => string {
  const property = entityTypeOf(context.model, mapping.entityType).properties.find(
    ({ name }) => name === mapping.key,
  )
  const spelling = property === undefined || source.table === true ? undefined : spellingOf(property, {})
  return (text) => spelling?.of(text) ?? text
}

/** So many are named of those that are called alike. */
export const mostAlike = 5

function keysOf(
  context: Known,
  known: KnownSource,
  mapping: EntityMapping,
  names: readonly (readonly [name: string, spelled: string])[],
): Statement<{ name: string; key: string | null; called: readonly string[] | null }> {
  const { source } = known
  const { entityType } = mapping
  const { replicas, resources } = sharedShape(context.model, known, mapping)
  const display = displayedBy(context, entityType)
  const called =
    display === undefined
      ? sql`(select null::text as shown, null::text[] as keys where false)`
      : sql`(select a.shown, (array_agg(a.key order by a.key))[1:${sql.literal(mostAlike)}] as keys from (
          select ${display.named(sql`x`)} as shown, r.key
          from ${resources} x join ${replicas} r on r.resource_id = x.resource_id) a
          where a.shown in (select n.name from asked n) group by a.shown)`
  return statement(
    `orders/find-keys ${source.name}.${entityType}`,
    sql`with asked as materialized (
      select * from unnest(${sql.value(names.map(([name]) => name))}::text[], ${sql.value(names.map(([, spelled]) => spelled))}::text[]) n (name, spelled))
    select n.name, coalesce(named.key, spelled.key) as key, case when coalesce(named.key, spelled.key) is null then called.keys end as called
    from asked n left join ${replicas} named on named.key = n.name left join ${replicas} spelled on spelled.key = n.spelled
    left join ${called} called on called.shown = n.name`,
  )
}
