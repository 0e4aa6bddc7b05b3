/**
 * Pairs of rows that could not be read, or that were rejected: what the source asserted of them before stands, as if it had
 * been asserted again.
 *
 * So they follow the same rule as all others: one that has lost an end waits for it, and one that waited is made when
 * its ends are there.
 *
 * @module
 */
import { more, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { type End, endId, endValue, singleEnd } from '../../sql/link-shape.ts'
import { lookupAfterRun } from '../../sql/lookups.ts'
import { linkColumns } from '../../sql/tables.ts'
import { namedLinks, waitingRows } from './affected-pairs.ts'
import { pairColumns } from './asserted-pairs.ts'
import { endKey, type FilledAssociation, storedLinks, waitingPairs } from './filled-association.ts'

/** The asserted pairs of an association, while they are put together. */
export interface Asserting {
  readonly part: SourcePart
  readonly changes: EntityChanges
  readonly filled: FilledAssociation
  readonly pairs: Table
}

/** Which pairs: a condition on what two expressions call the ends. */
interface Unread {
  readonly mentioned: (from: SQL, to: SQL) => SQL
  /** Query of what the rows may call an end. */
  readonly values: (end: End) => SQL
}

/** Of rows that could not be read: each of their fields may name an end; returns how many pairs stay. */
export async function keepUnreadPairs(asserting: Asserting, unreadable: Table): Promise<number> {
  const { name } = asserting.filled.mapping
  const fields = sql`select field from ${unreadable} where mapping = ${sql.literal(name)}`
  return await keepPairs(asserting, {
    mentioned: (from, to) => sql`${from} in (${fields}) and ${to} in (${fields})`,
    values: () => fields,
  })
}

/** Of rows with a value that the link cannot hold: of an end that has one link, whatever that pointed to. */
export async function keepRejectedPairs(asserting: Asserting): Promise<void> {
  const { pairs, filled } = asserting
  const single = singleEnd(filled.association)
  const bad = (ends: SQL) => sql`exists (select from ${pairs} b where b._bad and ${ends})`
  await keepPairs(asserting, {
    mentioned: (from, to) =>
      bad(
        single === undefined
          ? sql`b._from_value = ${from} and b._to_value = ${to}`
          : sql`b.${endValue(single)} = ${{ from, to }[single]}`,
      ),
    values: (end) => sql`select ${endValue(end)} from ${pairs} where _bad`,
  })
}

/** Adds them to the asserted pairs, where no readable row says anything of them; returns how many. */
async function keepPairs(asserting: Asserting, unread: Unread): Promise<number> {
  const { part, filled } = asserting
  const { session, workTables } = part
  const kept = await workTables.fill(
    workTables.named('affected_pairs', `${filled.sourceId}_${filled.association.name}`),
    mentionedPairs(part, filled, unread),
  )
  const asBefore = await run(session, assertAsBefore(asserting, kept.table))
  const renamed = await run(session, assertRenamed(asserting, unread))
  await workTables.drop([kept.table])
  return asBefore.count + renamed.count
}

function mentionedPairs(part: SourcePart, filled: FilledAssociation, { mentioned }: Unread): Statement {
  const links = namedLinks(part, filled, storedLinks(filled), mentioned(sql`f.value`, sql`t.value`))
  const waiting = waitingPairs(filled, mentioned(sql`w.from_value`, sql`w.to_value`))
  return statement(
    `resolve/find-unread-pairs ${filled.association.name}`,
    sql`${links} union all ${waitingRows(filled, waiting)}`,
  )
}

/** Query: a readable row is about this pair, or says where the one link of its single end goes. */
function assertedAnyway(
  pairs: Table,
  { association }: FilledAssociation,
  pair: SQL,
  end: (single: End) => SQL,
): SQL {
  const single = singleEnd(association)
  const other = single === undefined ? sql.blank : sql` or ${end(single)}`
  return sql`exists (select from ${pairs} p where not p._bad and (${pair}${other}))`
}

function assertAsBefore({ part, changes, filled, pairs }: Asserting, kept: Table): Statement {
  const columns = linkColumns(filled.association)
  const single = singleEnd(filled.association)
  const lookup = (end: End) =>
    lookupAfterRun(part, changes, endKey(filled, end), sql`select ${endValue(end)} from ${kept}`)
  const asserted = assertedAnyway(
    pairs,
    filled,
    sql`p._from_value = q._from_value and p._to_value = q._to_value`,
    (end) => sql`p.${endValue(end)} = q.${endValue(end)}`,
  )
  return statement(
    `resolve/keep-unread-pairs ${filled.association.name}`,
    sql`insert into ${pairs} (${pairColumns}${more(columns)}, from_id, to_id)
    select ${single === undefined ? sql.blank : sql`distinct on (q.${endValue(single)}) `}null::integer, q._from_value, q._to_value, false${more(columns.map((column) => sql`q.${column}`))}, f.resource_id, t.resource_id
    from ${kept} q left join ${lookup('from')} f on f.value = q._from_value left join ${lookup('to')} t on t.value = q._to_value
    where not ${asserted}${single === undefined ? sql.blank : sql` order by q.${endValue(single)}, q.from_id`}`,
  )
}

/** The source may call an end by the name that it has only now. */
function assertRenamed(
  { part, changes, filled, pairs }: Asserting,
  { mentioned, values }: Unread,
): Statement {
  const columns = linkColumns(filled.association)
  const lookup = (end: End) => lookupAfterRun(part, changes, endKey(filled, end), values(end))
  const asserted = assertedAnyway(
    pairs,
    filled,
    sql`p.from_id = l.from_id and p.to_id = l.to_id`,
    (end) => sql`p.${endId(end)} = l.${endId(end)}`,
  )
  return statement(
    `resolve/keep-renamed-unread-pairs ${filled.association.name}`,
    sql`insert into ${pairs} (${pairColumns}${more(columns)}, from_id, to_id)
    select null::integer, f.value, t.value, false${more(columns.map((column) => sql`l.${column}`))}, l.from_id, l.to_id
    from (${storedLinks(filled)}) l
    join ${lookup('from')} f on f.resource_id = l.from_id join ${lookup('to')} t on t.resource_id = l.to_id
    where ${mentioned(sql`f.value`, sql`t.value`)} and not ${asserted}`,
  )
}
