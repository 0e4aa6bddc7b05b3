/**
 * What a history says of a value, as SQL: what it was before the run, and whether it still is what the run left.
 *
 * `u`: a row of what is undone (`undone-changes.ts`), `o`: the stored resource or link.
 *
 * @module
 */
import type { ConflictReason, Property } from '@sluice/model'
import { allOf, columnOf, columnOfRow, columnsOf, type SQL, sql, typeOf } from '@sluice/repository'
import { scalarExpression } from '../sql/value-expressions.ts'

export interface FormerValue {
  /** By column of the property: what it held, in its type; null where the model does not take it any more. */
  readonly columns: readonly { readonly name: string; readonly value: SQL }[]
  /** Condition: the history holds it; and why it does not where it does not. */
  readonly isRecorded: SQL
  readonly unrecorded: Extract<ConflictReason, 'not_recorded' | 'secret'>
  /** Condition: the model takes it. */
  readonly fits: SQL
}

/** `undone`: alias of the undone row. */
export function formerValue(property: Property, undone: SQL): FormerValue {
  const name = sql.literal(property.name)
  const shown = sql`(${undone}.before ->> ${name})`
  const exact = sql`(${undone}.exact -> 'before' -> ${name})`
  const isRecorded = sql`(${shown} is null or ${exact} is not null)`
  const unrecorded = 'not_recorded'
  switch (property.type) {
    case 'reference': {
      const value = sql`(${exact} #>> '{}')::bigint`
      return { columns: [{ name: columnOf(property), value }], isRecorded, unrecorded, fits: sql.true }
    }
    // A history says that there was one, and not which.
    case 'secret':
      return {
        columns: [{ name: columnOf(property), value: sql`null::text` }],
        isRecorded: sql`(${shown} is null)`,
        unrecorded: 'secret',
        fits: sql.true,
      }
    case 'file':
      return formerFile(property, exact, isRecorded)
    default: {
      const [column] = columnsOf(property)
      const asWritten = { property: property.name, column: column.name }
      const { value, valid = sql.true } = scalarExpression(property, asWritten, shown)
      const typed = sql`case when ${shown} is not null and ${valid} then (${value})::${typeOf(column)} end`
      return {
        columns: [{ name: column.name, value: typed }],
        isRecorded: sql.true,
        unrecorded,
        fits: sql`(${shown} is null or ${valid})`,
      }
    }
  }
}

function formerFile(property: Property, exact: SQL, isNoted: SQL): FormerValue {
  const kept = (what: SQL) =>
    sql`(select ${what} from sluice_kept_file k where k.sha256 = decode(${exact} ->> 'sha256', 'hex'))`
  const values = [kept(sql`k.content`), sql`(${exact} ->> 'name')`, sql`(${exact} ->> 'type')`]
  return {
    columns: columnsOf(property).map(({ name }, index) => ({ name, value: values[index] ?? sql.null })),
    isRecorded: sql`(${isNoted} and (${exact} is null or ${kept(sql.true)}))`,
    unrecorded: 'not_recorded',
    fits: sql.true,
  }
}

/** Condition: the stored row holds what it held before the run. */
export function isAsBefore(property: Property, undone: SQL, stored: SQL): SQL {
  return allOf(
    formerValue(property, undone).columns.map(
      ({ name, value }) => sql`${columnOfRow(stored, name)} is not distinct from ${value}`,
    ),
  )
}

/** Condition: the stored row holds what the run gave it. */
export function isAsLeft(property: Property, undone: SQL, stored: SQL): SQL {
  const name = sql.literal(property.name)
  const column = columnOfRow(stored, columnOf(property))
  switch (property.type) {
    case 'reference':
      return sql`${column} is not distinct from (${undone}.exact -> 'after' ->> ${name})::bigint`
    case 'file':
      return sql`(octet_length(${column}) || ' bytes, md5 ' || md5(${column})) is not distinct from (${undone}.after ->> ${name})`
    // Which one it was is told by the runs since alone.
    case 'secret':
      return sql`(${column} is null) = ((${undone}.after ->> ${name}) is null)`
    default:
      return sql`to_jsonb(${column}) is not distinct from nullif(${undone}.after -> ${name}, 'null'::jsonb)`
  }
}
