/**
 * Links in the file of an entity, by that file's own commands: the entity's links become what its rows of the delivery say
 * together, as in a complete, and go with it.
 *
 * They are found by the resource, not by its name alone: a row that says delete has a key and perhaps nothing else, and one that
 * gives its resource another name is still of the same resource.
 *
 * @module
 */
import { more, one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { analyze } from '../../context/work-tables.ts'
import { type End, endId, endValue, type LinkShape, singleEnd } from '../../sql/link-shape.ts'
import { lookupAfterRun, storedValues } from '../../sql/lookups.ts'
import { type Affecting, waitingValue } from './affected-pairs.ts'
import { valuesOf } from './asserted-pairs.ts'
import { endKey, type FilledAssociation } from './filled-association.ts'
import { lastTargetStands, type NettedPairs } from './net-pairs.ts'

/** The rows that say what becomes of the links of each entity; `own`: the end at which it stands. */
export async function netFollowingPairs(
  part: SourcePart,
  shape: LinkShape,
  staged: Table,
  own: End,
): Promise<NettedPairs> {
  const { session, workTables } = part
  const { table } = await workTables.fill(
    workTables.named('netted_pairs', shape.mapping.name),
    rowsThatCount(shape, staged, own),
  )
  const single = singleEnd(shape.association)
  if (single !== undefined && single !== own) await run(session, lastTargetStands(shape, table, single))
  await run(session, analyze(table))
  const counts = await one(session, countRows(shape, { staged, netted: table, own }))
  const { rows, nullKey, noLink, standing, deletes } = counts
  return { table, nullKey, noLink, deletes, overruled: rows - nullKey - noLink - standing - deletes }
}

/** What a row says of its own end when it says delete, and of the other one: nothing. */
function linkedTo(shape: LinkShape, own: End): SQL {
  return sql`case when _command = 'delete' then null else ${shape[otherEnd(own)]} end`
}

/** Rows behind the last delete of their entity, or that delete; of one that can have a single link, the last row. */
function rowsThatCount(shape: LinkShape, staged: Table, own: End): Statement {
  const other = linkedTo(shape, own)
  const [from, to] = own === 'from' ? [shape.from, other] : [other, shape.to]
  const columns = valuesOf(shape, sql`_command = 'delete'`)
  const among =
    singleEnd(shape.association) === own ? sql`_row = _last` : sql`(_row > _deleted or _row = _last)`
  return statement(
    `resolve/net-following-pairs ${shape.mapping.name}`,
    sql`select distinct on (_from_value, _to_value) * from (
      select _row, ${from} as _from_value, ${to} as _to_value, false as _gone,
        _command = 'delete' as _taken_back, ${other} is null as _unlinked${more(columns)}
      from ${staged} join (
        select ${shape[own]} as _own, max(_row) as _last,
          coalesce(max(_row) filter (where _command = 'delete'), 0) as _deleted
        from ${staged} where ${shape[own]} is not null group by ${shape[own]}) e on _own = ${shape[own]}
      where ${among}) s
    order by _from_value, _to_value, _row desc`,
  )
}

interface CountedRows {
  readonly rows: number
  readonly nullKey: number
  readonly noLink: number
  readonly standing: number
  readonly deletes: number
}

function countRows(
  shape: LinkShape,
  { staged, netted, own }: { readonly staged: Table; readonly netted: Table; readonly own: End },
): Statement<CountedRows> {
  const kept = sql`_command <> 'delete'`
  const end = shape[own]
  return statement(
    `resolve/count-following-pairs ${shape.mapping.name}`,
    sql`select s.rows, s."nullKey", s."noLink", n.standing, n.deletes + s.nameless as deletes
    from (select count(*)::int as rows,
        (count(*) filter (where ${kept} and ${end} is null))::int as "nullKey",
        (count(*) filter (where ${kept} and ${end} is not null and ${shape[otherEnd(own)]} is null))::int as "noLink",
        (count(*) filter (where not (${kept}) and ${end} is null))::int as nameless
      from ${staged}) s,
      (select (count(*) filter (where not _unlinked and not _gone))::int as standing,
        (count(*) filter (where _taken_back))::int as deletes from ${netted}) n`,
  )
}

/** The entities whose links are said anew. */
export interface ReplacedEntities {
  readonly own: End
  /** resource_id and value (what it answers to before the run), or null and what a row calls it. */
  readonly table: Table
}

/** `gone`: table with the `resource_id` of the entities that commands delete. */
export async function findReplaced(
  part: SourcePart,
  filled: FilledAssociation,
  of: {
    readonly changes: EntityChanges
    readonly netted: Table
    readonly own: End
    readonly gone: Table | undefined
  },
): Promise<ReplacedEntities> {
  const { changes, netted, own, gone } = of
  const { session, workTables } = part
  const key = endKey(filled, own)
  const named = sql`select ${endValue(own)} from ${netted}`
  const deleted = gone === undefined ? sql.blank : sql` union select resource_id from ${gone}`
  const { table } = await workTables.fill(
    workTables.named('replaced_ends', filled.mapping.name),
    statement(
      `resolve/find-replaced-ends ${filled.association.name}`,
      sql`select r.resource_id, s.value
      from (select resource_id from ${lookupAfterRun(part, changes, key, named)} a where resource_id is not null${deleted}) r
      left join ${storedValues(part, key)} s on s.resource_id = r.resource_id
      union all select null, ${endValue(own)} from ${netted}`,
    ),
  )
  await run(session, analyze(table))
  return { own, table }
}

/** Their stored and waiting links. */
export function affectedByReplacing({ own, table }: ReplacedEntities): Affecting {
  return {
    stored: [sql`l.${endId(own)} in (select resource_id from ${table})`],
    waiting: [sql`w.${waitingValue(own)} in (select value from ${table})`],
  }
}

/** SQL condition: the affected pair `q` is of an entity whose links are said anew. */
export function isReplaced({ own, table }: ReplacedEntities): SQL {
  return sql`exists (select from ${table} r
    where r.resource_id = q.${endId(own)} or (q.${endId(own)} is null and r.value = q.${endValue(own)}))`
}

function otherEnd(end: End): End {
  return end === 'from' ? 'to' : 'from'
}
