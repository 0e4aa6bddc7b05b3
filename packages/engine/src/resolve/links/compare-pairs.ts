/**
 * The one comparison of links: what the source asserts, against what is stored and what waits of it.
 *
 * @module
 */
import {
  anyOf,
  columnOfRow,
  more,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { LinkChangeTable } from '../../changes/finish-change-set.ts'
import { changeOrphanLinks } from '../../changes/orphan-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { endId, linkProperties, singleEnd } from '../../sql/link-shape.ts'
import { linkColumns, linksOf, orphanLinks } from '../../sql/tables.ts'
import { type FilledAssociation, storedLinks, waitingPairs } from './filled-association.ts'

/** The change set of one source's links of an association. */
export interface LinkChanges {
  readonly filled: FilledAssociation
  /** _operation, _drift, source_id, from_id, to_id, the association's columns. */
  readonly table: Table
}

/** The same as it is finished. */
export function linkChangeTable({ filled, table }: LinkChanges): LinkChangeTable {
  return { source: filled.source.name, association: filled.association.name, table }
}

/** What is decided about: everything of the source, or the affected pairs alone. */
export type Scope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'affected'; readonly affected: Table | undefined }

export async function comparePairs(
  part: SourcePart,
  filled: FilledAssociation,
  pairs: Table,
  scope: Scope,
): Promise<LinkChanges> {
  const { session, workTables, runId } = part
  const { association } = filled
  const { table } = await workTables.fill(
    workTables.named('link_changes', `${filled.sourceId}_${association.name}`),
    differences(filled, pairs, scope),
  )
  await run(session, waitingDifferences(runId, filled, pairs, scope))
  return { filled, table }
}

function differences(filled: FilledAssociation, pairs: Table, scope: Scope): Statement {
  const { association, sourceId } = filled
  const columns = linkColumns(association)
  const differs = columns.map((column) => sql`l.${column} is distinct from p.${column}`)
  const id = sql.literal(sourceId)
  return statement(
    `resolve/compare-pairs ${association.name}`,
    sql`select 'delete' as _operation, null::boolean as _drift, ${id} as source_id, l.from_id, l.to_id${more(columns.map((column) => sql`l.${column}`))}
    from (${storedIn(filled, scope)}) l
    where not exists (select from ${pairs} p where p.from_id = l.from_id and p.to_id = l.to_id)${unlessRejected(filled, pairs, scope)}
    union all
    select case when l.from_id is null then 'insert' else 'update' end, null, ${id}, p.from_id, p.to_id${more(columns.map((column) => sql`p.${column}`))}
    from ${pairs} p
    left join ${linksOf(association.name)} l on l.source_id = ${id} and l.from_id = p.from_id and l.to_id = p.to_id
    where not p._bad and p.from_id is not null and p.to_id is not null and ${anyOf([sql`l.from_id is null`, ...differs])}`,
  )
}

function storedIn(filled: FilledAssociation, scope: Scope): SQL {
  if (scope.kind === 'everything') return storedLinks(filled)
  if (scope.affected === undefined) return storedLinks(filled, sql.false)
  return sql`select q.* from ${scope.affected} q where q.from_id is not null`
}

/** Where an end has one link, a row that is rejected leaves that link alone, whatever it pointed to. */
function unlessRejected({ association }: FilledAssociation, pairs: Table, scope: Scope): SQL {
  const single = singleEnd(association)
  if (single === undefined || scope.kind !== 'everything') return sql.blank
  return sql` and not exists (select from ${pairs} b where b._bad and b.${endId(single)} = l.${endId(single)})`
}

/**
 * Of pairs that wait. One that a row asserts waits with the values of the row; another one keeps those that it waits with,
 * in whatever form these are.
 */
function waitingDifferences(runId: number, filled: FilledAssociation, pairs: Table, scope: Scope): Statement {
  const { association, sourceId } = filled
  const about = sql`${sql.literal(sourceId)}, ${sql.literal(association.name)}`
  const waits = sql`not p._bad and (p.from_id is null or p.to_id is null)`
  const properties = linkProperties(association, sql`p`)
  const samePair = sql`w.from_value = p._from_value and w.to_value = p._to_value`
  const asBefore = sql`(p._row is null or w.properties is not distinct from ${properties})`
  const stored = sql`w.source_id = ${sql.literal(sourceId)} and w.association = ${sql.literal(association.name)}`
  return changeOrphanLinks(
    `resolve/compare-waiting-pairs ${association.name}`,
    runId,
    sql`select 'delete', ${about}, w.from_value, w.to_value, null::jsonb from (${waitingIn(filled, scope)}) w
    where not exists (select from ${pairs} p where ${samePair} and ${waits} and ${asBefore})
    union all
    select 'insert', ${about}, p._from_value, p._to_value, ${properties} from ${pairs} p
    where ${waits} and not exists (select from ${orphanLinks} w where ${stored} and ${samePair} and ${asBefore})`,
  )
}

function waitingIn(filled: FilledAssociation, scope: Scope): SQL {
  if (scope.kind === 'everything') return waitingPairs(filled)
  if (scope.affected === undefined) return waitingPairs(filled, sql.false)
  return sql`select q._from_value as from_value, q._to_value as to_value, ${linkProperties(filled.association, sql`q`)} as properties
      from ${scope.affected} q where q.from_id is null`
}

export interface PairCounts {
  /** Rows that assert a pair of which an end is unknown. */
  readonly orphan: number
  /** Rows that make or change a link. */
  readonly inserted: number
  readonly updated: number
}

/** What becomes of the rows of this run, among pairs that stand without one. */
export async function countRowChanges(
  part: SourcePart,
  { filled, table }: LinkChanges,
  pairs: Table,
): Promise<PairCounts> {
  const asserted = sql`exists (select from ${pairs} p
    where p._row is not null and not p._bad and p.from_id = c.from_id and p.to_id = c.to_id)`
  return await one(
    part.session,
    statement<PairCounts>(
      `resolve/count-row-changes ${filled.association.name}`,
      sql`select (select count(*) from ${pairs} where ${isOrphan})::int as orphan,
       (count(*) filter (where ${columnOfRow(sql`c`, '_operation')} = 'insert' and ${asserted}))::int as inserted,
       (count(*) filter (where ${columnOfRow(sql`c`, '_operation')} = 'update' and ${asserted}))::int as updated
     from ${table} c`,
    ),
  )
}

/** Rows that assert a pair of which an end is unknown. */
export async function countOrphans(
  part: SourcePart,
  { association }: FilledAssociation,
  pairs: Table,
): Promise<number> {
  const counted = statement<{ orphan: number }>(
    `resolve/count-orphans ${association.name}`,
    sql`select count(*)::int as orphan from ${pairs} where ${isOrphan}`,
  )
  return (await one(part.session, counted)).orphan
}

const isOrphan = sql`_row is not null and not _bad and (from_id is null or to_id is null)`
