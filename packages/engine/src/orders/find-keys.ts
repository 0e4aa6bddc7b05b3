/**
 * The keys of the rows that orders name: as they are named, or by what their resources are called.
 *
 * @module
 */
import { type EntityMapping, spellingOf } from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  lookedUpAs,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { entityTypeOf, type KnownSource } from '../context/run-context.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'
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
  { source }: KnownSource,
  { entityType }: EntityMapping,
  names: readonly (readonly [name: string, spelled: string])[],
): Statement<{ name: string; key: string | null; called: readonly string[] | null }> {
  const replicas = replicasOf(source.name, entityType)
  const display = displayedBy(context, entityType)
  const called =
    display === undefined
      ? sql`null::text[]`
      : sql`(select array_agg(a.key order by a.key) from (
          select r.key from ${resourcesOf(entityType)} x join ${replicas} r on r.resource_id = x.resource_id
          where ${lookedUpAs(display, columnOfRow(sql`x`, columnOf(display)))} = n.name order by r.key limit ${sql.literal(mostAlike)}) a)`
  const key = (text: SQL) => sql`(select r.key from ${replicas} r where r.key = ${text})`
  return statement(
    `orders/find-keys ${source.name}.${entityType}`,
    sql`select n.name, k.key, case when k.key is null then ${called} end as called
    from unnest(${sql.value(names.map(([name]) => name))}::text[], ${sql.value(names.map(([, spelled]) => spelled))}::text[]) n (name, spelled)
    cross join lateral (select coalesce(${key(sql`n.name`)}, ${key(sql`n.spelled`)}) as key) k`,
  )
}
