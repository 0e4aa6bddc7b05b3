/**
 * Asserted pairs: what the source says of an association from now on, each pair with the resources at its ends.
 *
 * Three ways lead to them: whole rows, commands laid over what is affected, and what is affected alone. Behind them
 * all is the same: `compare-pairs.ts`.
 *
 * @module
 */
import {
  columnsOf,
  more,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  typeOf,
} from '@sluice/repository'
import type { EntityChanges } from '../../changes/entity-changes.ts'
import type { SourcePart } from '../../context/run-context.ts'
import { type End, endValue, type LinkShape, singleEnd } from '../../sql/link-shape.ts'
import { lookupAfterRun } from '../../sql/lookups.ts'
import { linkColumns } from '../../sql/tables.ts'
import { endKey, type FilledAssociation } from './filled-association.ts'
import { type LookupsOfRun, nameOfLookup } from './lookups-of-run.ts'

/**
 * Columns of a table of asserted pairs: `_row` (null: not asserted by a row of this run), _from_value, _to_value, `_bad` (its row
 * is rejected), from_id and to_id (null: nobody answers), the association's columns.
 */
export const pairColumns = sql`_row, _from_value, _to_value, _bad`

/** Resolves both ends of every staged row; of `bad` rows (with a value that the link cannot hold) nothing is asserted. */
export function pairsOfRows(
  part: SourcePart,
  changes: EntityChanges,
  filled: FilledAssociation,
  of: {
    readonly shape: LinkShape
    readonly staged: Table
    readonly bad: SQL | undefined
    readonly lookups: LookupsOfRun
  },
): Statement {
  const { shape, staged, bad, lookups } = of
  const columns = valuesOf(shape, bad)
  const end = (which: End, value: SQL) => {
    const key = endKey(filled, which)
    const filledLookup = lookups.get(nameOfLookup(key))
    return filledLookup === undefined
      ? lookupAfterRun(part, changes, key, sql`select ${value} from ${staged}`)
      : sql`${filledLookup}`
  }
  return statement(
    `resolve/assert-rows ${shape.mapping.name}`,
    sql`select p.*, f.resource_id as from_id, t.resource_id as to_id
    from (select _row, ${shape.from} as _from_value, ${shape.to} as _to_value,
        ${bad === undefined ? sql.false : sql`(${bad})`} as _bad${more(columns)}
      from ${staged}) p
    left join ${end('from', shape.from)} f on f.value = p._from_value
    left join ${end('to', shape.to)} t on t.value = p._to_value`,
  )
}

/** The association's columns, typed; null in rows for which `unless` holds. */
export function valuesOf({ association, values }: LinkShape, unless: SQL | undefined): readonly SQL[] {
  return association.properties.map((property) => {
    const [column] = columnsOf(property)
    const value = values.find((candidate) => candidate.property === property.name)
    const none = sql`null::${typeOf(column)}`
    const typed = value === undefined ? none : value.value
    const guarded =
      unless === undefined || value === undefined
        ? typed
        : sql`case when ${unless} then ${none} else ${typed} end`
    return sql`${guarded} as ${sql.identifier(column.name)}`
  })
}

/**
 * What commands and affected pairs make together; `netted` is the last command about each pair. A pair that is not named
 * by a command stands, unless a command gives its single end to another one, or it is `replaced` (condition on `q`).
 */
export function pairsOfCommands(
  part: SourcePart,
  changes: EntityChanges,
  filled: FilledAssociation,
  of: {
    readonly netted: Table | undefined
    readonly affected: Table | undefined
    readonly replaced?: SQL | undefined
  },
): Statement {
  const { netted, affected, replaced } = of
  const columns = linkColumns(filled.association)
  const parts: SQL[] = []
  if (netted !== undefined) {
    parts.push(sql`select n._row, n._from_value, n._to_value, false as _bad${more(columns.map((column) => sql`n.${column}`))}
      from ${netted} n where not n._gone and not n._unlinked`)
  }
  if (affected !== undefined) {
    const others = replaced === undefined ? sql.blank : sql` and not (${replaced})`
    parts.push(sql`select null::integer as _row, q._from_value, q._to_value, false as _bad${more(columns.map((column) => sql`q.${column}`))}
      from ${affected} q where q._from_value is not null and q._to_value is not null${standing(filled, netted)}${others}`)
  }
  const pairs = sql.join(parts, ' union all ')
  const lookup = (end: End) =>
    lookupAfterRun(part, changes, endKey(filled, end), sql`select ${endValue(end)} from pairs`, { few: true })
  return statement(
    `resolve/assert-affected ${filled.association.name}`,
    sql`with pairs as materialized (${pairs})
    select p.*, f.resource_id as from_id, t.resource_id as to_id from pairs p
    left join ${lookup('from')} f on f.value = p._from_value
    left join ${lookup('to')} t on t.value = p._to_value`,
  )
}

function standing({ association }: FilledAssociation, netted: Table | undefined): SQL {
  if (netted === undefined) return sql.blank
  const single = singleEnd(association)
  const replaced =
    single === undefined
      ? sql.blank
      : sql` and not exists (select from ${netted} n where n.${endValue(single)} = q.${endValue(single)} and not n._gone)`
  return sql` and not exists (
      select from ${netted} n where n._from_value = q._from_value and n._to_value = q._to_value)${replaced}`
}
