/**
 * Commands about pairs, netted: a pair is known by what its ends are called, taken back by what they were
 * called before the run, asserted by what they are called after it.
 *
 * @module
 */
import { more, one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../../context/run-context.ts'
import { analyze } from '../../context/work-tables.ts'
import { type End, endId, endValue, type LinkShape, singleEnd } from '../../sql/link-shape.ts'
import { lookupBeforeRun } from '../../sql/lookups.ts'
import { type Affecting, waitingValue } from './affected-pairs.ts'
import { valuesOf } from './asserted-pairs.ts'
import { endKey, type FilledAssociation } from './filled-association.ts'

export interface NettedPairs {
  /**
   * The last command about each pair: _row, _from_value, _to_value, `_taken_back` (by a delete), `_gone` (that, or another
   * target was asserted later), `_unlinked` (a single end that is asserted to have no link), the association's columns.
   */
  readonly table: Table
  /** Rows with an end missing. */
  readonly nullKey: number
  /** Rows of an entity that has no link by them. */
  readonly noLink: number
  /** Rows that a later row of the same pair overrules. */
  readonly overruled: number
  /** Rows that take a pair back. */
  readonly deletes: number
}

/** `staged`: rows whose values are legal, or that take a pair back. */
export async function netPairs(part: SourcePart, shape: LinkShape, staged: Table): Promise<NettedPairs> {
  const { session, workTables } = part
  const { table } = await workTables.fill(
    workTables.named('netted_pairs', shape.mapping.name),
    lastCommandPerPair(shape, staged),
  )
  const single = singleEnd(shape.association)
  if (single !== undefined) await run(session, lastTargetStands(shape, table, single))
  await run(session, analyze(table))
  const { rows, incomplete, standing, deletes } = await one(session, countCommands(shape, staged, table))
  return { table, nullKey: incomplete, noLink: 0, overruled: rows - incomplete - standing, deletes }
}

function lastCommandPerPair(shape: LinkShape, staged: Table): Statement {
  // What takes a pair back was not checked.
  const columns = valuesOf(shape, sql`_command = 'delete'`)
  return statement(
    `resolve/net-pairs ${shape.mapping.name}`,
    sql`select distinct on (_from_value, _to_value) * from (
      select _row, ${shape.from} as _from_value, ${shape.to} as _to_value, _command = 'delete' as _gone,
        _command = 'delete' as _taken_back, ${isUnlinked(shape)} as _unlinked${more(columns)}
      from ${staged}) s
    where (_from_value is not null and _to_value is not null) or _unlinked
    order by _from_value, _to_value, _row desc`,
  )
}

function isUnlinked(shape: LinkShape): SQL {
  const single = singleEnd(shape.association)
  if (single === undefined) return sql.false
  const other = single === 'from' ? 'to' : 'from'
  return sql`_command <> 'delete' and ${shape[single]} is not null and ${shape[other]} is null`
}

/** Of several targets for one end the last one asserted stands. */
export function lastTargetStands({ mapping }: LinkShape, netted: Table, single: End): Statement {
  const end = endValue(single)
  return statement(
    `resolve/last-target-stands ${mapping.name}`,
    sql`update ${netted} n set _gone = true where not n._gone and exists (
      select from ${netted} later where later.${end} = n.${end} and not later._gone and later._row > n._row)`,
  )
}

function countCommands(
  shape: LinkShape,
  staged: Table,
  netted: Table,
): Statement<{ rows: number; incomplete: number; standing: number; deletes: number }> {
  return statement(
    `resolve/count-pairs ${shape.mapping.name}`,
    sql`select s.rows, s.incomplete, n.standing, n.deletes
    from (select count(*)::int as rows, (count(*) filter (where ${shape.from} is null or ${shape.to} is null))::int as incomplete
      from ${staged}) s,
      (select (count(*) filter (where not _unlinked and (_taken_back or not _gone)))::int as standing,
        (count(*) filter (where _taken_back))::int as deletes from ${netted}) n`,
  )
}

/** The stored and waiting pairs that the commands are about, by the names their ends had before the run. */
export function affectedByCommands(part: SourcePart, filled: FilledAssociation, netted: Table): Affecting {
  const lookup = (end: End) =>
    lookupBeforeRun(part, endKey(filled, end), sql`select ${endValue(end)} from ${netted}`)
  const single = singleEnd(filled.association)
  const linked = sql`(l.from_id, l.to_id) in (select f.resource_id, t.resource_id from ${netted} n
    join ${lookup('from')} f on f.value = n._from_value join ${lookup('to')} t on t.value = n._to_value)`
  const waits = sql`(w.from_value, w.to_value) in (select _from_value, _to_value from ${netted})`
  if (single === undefined) return { stored: [linked], waiting: [waits] }
  return {
    stored: [linked, sql`l.${endId(single)} in (select x.resource_id from ${lookup(single)} x)`],
    waiting: [
      waits,
      sql`w.${waitingValue(single)} in (select ${endValue(single)} from ${netted} where not _gone)`,
    ],
  }
}
