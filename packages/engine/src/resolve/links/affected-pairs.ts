/**
 * Affected pairs: links and waiting pairs that the source asserted before, and about which the run may decide anew.
 *
 * @module
 */
import { more, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { type End, endId, endValue, singleEnd, typedLinkProperties } from '../../sql/link-shape.ts'
import { lookupAfterRun, storedValues } from '../../sql/lookups.ts'
import { linkColumns } from '../../sql/tables.ts'
import type { ChangedKeys } from '../changed-keys.ts'
import { endKey, type FilledAssociation, storedLinks, waitingPairs } from './filled-association.ts'

/** Which pairs are affected: conditions on a stored link `l` and on a waiting pair `w`; one of them is enough. */
export interface Affecting {
  readonly stored: readonly SQL[]
  readonly waiting: readonly SQL[]
}

export function both(one: Affecting, other: Affecting): Affecting {
  return { stored: [...one.stored, ...other.stored], waiting: [...one.waiting, ...other.waiting] }
}

/** Those of which an end answers to a changed key. */
export function affectedByKeys(filled: FilledAssociation, keys: ChangedKeys): Affecting {
  const ends = (['from', 'to'] as const).flatMap((end) => {
    const changed = keys.of(endKey(filled, end))
    return changed === undefined ? [] : [{ end, changed }]
  })
  return {
    stored: ends.map(
      ({ end, changed }) => sql`l.${endId(end)} in (select resource_id from ${changed.resources})`,
    ),
    waiting: ends.map(
      ({ end, changed }) => sql`w.${waitingValue(end)} in (select value from ${changed.values})`,
    ),
  }
}

/** Column of a waiting pair. */
export function waitingValue(end: End): SQL {
  return sql.identifier(`${end}_value`)
}

/**
 * Makes the table of affected pairs: from_id, to_id (null of those that wait), _from_value and _to_value (what the source calls
 * the ends; of a link, what they answer to now), the association's columns. Returns `undefined` where nothing can be.
 */
export async function collectAffected(
  part: SourcePart,
  filled: FilledAssociation,
  affecting: Affecting,
): Promise<{ readonly table: Table; readonly count: number } | undefined> {
  if (affecting.stored.length + affecting.waiting.length === 0) return undefined
  const { workTables } = part
  return await workTables.fill(
    workTables.named('affected_pairs', `${filled.sourceId}_${filled.association.name}`),
    affectedPairs(part, filled, affecting),
  )
}

function affectedPairs(
  part: SourcePart,
  filled: FilledAssociation,
  { stored, waiting }: Affecting,
): Statement {
  // Each condition is a query of its own, because together they would keep the indexes from being used.
  const union = (queries: readonly SQL[]) => sql.join(queries, ' union ')
  const links = union((stored.length === 0 ? [sql.false] : stored).map((one) => storedLinks(filled, one)))
  const pairs = union((waiting.length === 0 ? [sql.false] : waiting).map((one) => waitingPairs(filled, one)))
  return statement(
    `resolve/find-affected-pairs ${filled.association.name}`,
    sql`${namedLinks(part, filled, links)} union all ${waitingRows(filled, pairs)}`,
  )
}

/** Query of stored links with what their ends answer to; `links`: query of them, `where`: condition on `f.value` and `t.value`. */
export function namedLinks(part: SourcePart, filled: FilledAssociation, links: SQL, where?: SQL): SQL {
  const columns = linkColumns(filled.association).map((column) => sql`l.${column}`)
  const among = where === undefined ? sql.blank : sql` where ${where}`
  return sql`select l.from_id, l.to_id, f.value as _from_value, t.value as _to_value${more(columns)}
    from (${links}) l
    left join ${storedValues(part, endKey(filled, 'from'))} f on f.resource_id = l.from_id
    left join ${storedValues(part, endKey(filled, 'to'))} t on t.resource_id = l.to_id${among}`
}

/** Query of waiting pairs in the form of `namedLinks`. */
export function waitingRows({ association }: FilledAssociation, pairs: SQL): SQL {
  return sql`select null::bigint, null::bigint, w.from_value, w.to_value${more(typedLinkProperties(association, sql`w.properties`))}
    from (${pairs}) w`
}

/** Whoever arrives takes the one place there is at a single end; the link that has it is affected, too. */
export async function addLinksAtSingleEnd(
  part: SourcePart,
  filled: FilledAssociation,
  changes: EntityChanges,
  affected: Table,
): Promise<void> {
  const single = singleEnd(filled.association)
  if (single === undefined) return
  const lookup = (end: End) =>
    lookupAfterRun(part, changes, endKey(filled, end), sql`select ${endValue(end)} from ${affected}`, {
      few: true,
    })
  const arriving = sql`select ${single === 'from' ? sql`f` : sql`t`}.resource_id from ${affected} q
    left join ${lookup('from')} f on f.value = q._from_value left join ${lookup('to')} t on t.value = q._to_value
    where q.from_id is null`
  const links = storedLinks(
    filled,
    sql`l.${endId(single)} in (${arriving})
    and not exists (select from ${affected} q where q.from_id = l.from_id and q.to_id = l.to_id)`,
  )
  await run(
    part.session,
    statement(
      `resolve/add-links-at-single-end ${filled.association.name}`,
      sql`insert into ${affected} ${namedLinks(part, filled, links)}`,
    ),
  )
}
