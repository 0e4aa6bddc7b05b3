/**
 * Old and new values of a change as JSON by property name, the form of histories and plans.
 *
 * Updates show what differs and nothing else. A reference is shown as what people call its target, so
 * that a history still makes sense when the target is gone. Of binary content only size and checksum
 * are kept: a history is no place for photographs.
 *
 * @module
 */
import type { EntityModel, EntityType, Property } from '@sluice/model'
import {
  anyOf,
  columnOf,
  columnOfRow,
  columnsOf,
  commas,
  family,
  type SQL,
  sql,
  Table,
} from '@sluice/repository'
import { resourcesOf } from './tables.ts'

/** What is needed to name the target of a reference: the model, and the changes that may hold it. */
export interface DisplayContext {
  readonly model: EntityModel
  readonly changes: readonly {
    readonly entityType: string
    readonly table: string
    readonly counts: { readonly inserted: number }
  }[]
}

/**
 * SQL of what people call a resource: its display property, stored or about to be; else what the
 * expressions in `otherwise` know of it; else its id.
 */
export function displayName(
  displays: DisplayContext,
  entityType: string,
  id: SQL,
  otherwise: readonly SQL[] = [],
): SQL {
  const names = family(displays.model, entityType).flatMap((type): readonly SQL[] => {
    const display = type.properties.find(({ name }) => name === type.display) ?? type.properties[0]
    if (display === undefined || display.type === 'file' || display.type === 'reference') return []
    const column = columnOfRow(sql`x`, columnOf(display))
    const change = displays.changes.find((entry) => entry.entityType === type.name)
    const stored = sql`(select ${column}::text from ${resourcesOf(type.name)} x where x.resource_id = ${id})`
    if (change === undefined || change.counts.inserted === 0) return [stored]
    return [
      stored,
      sql`(select ${column}::text from ${new Table(change.table)} x where x.resource_id = ${id} limit 1)`,
    ]
  })
  return sql`coalesce(${commas([...names, ...otherwise, sql`${id}::text`])})`
}

/** SQL (jsonb) of one property's value in `row`; null when it has none. */
function jsonValue(displays: DisplayContext, property: Property, row: SQL): SQL {
  const [first] = columnsOf(property)
  const column = columnOfRow(row, first.name)
  if (property.type === 'reference') {
    return sql`case when ${column} is not null then to_jsonb(${displayName(displays, property.to, column)}) end`
  }
  if (property.type !== 'file') return sql`to_jsonb(${column})`
  return sql`to_jsonb(octet_length(${column}) || ' bytes, md5 ' || md5(${column}))`
}

/** Scalar subquery: `{property: value}` of everything `row` holds. */
export function allValues(displays: DisplayContext, properties: readonly Property[], row: SQL): SQL {
  if (properties.length === 0) return nothing
  const pairs = properties.map(
    (property) => sql`(${sql.literal(property.name)}, ${jsonValue(displays, property, row)})`,
  )
  return sql`(select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ${commas(pairs)}) v(name, value) where v.value is not null)`
}

/** SQL (jsonb): `{property: value of side}` of what differs between `before` and `after`. */
function differingValues(
  displays: DisplayContext,
  properties: readonly Property[],
  rows: { readonly before: SQL; readonly after: SQL },
  side: 'before' | 'after',
): SQL {
  if (properties.length === 0) return nothing
  const differs = (property: Property) => {
    const column = sql.identifier(columnOf(property))
    return sql`${rows.before}.${column} is distinct from ${rows.after}.${column}`
  }
  // Mostly one value differs of many, so that whole groups are passed over; and they are concatenated, because a
  // subquery for every row costs several times as much.
  const group = (of: readonly Property[]): SQL => {
    const [first, ...rest] = of
    const half = Math.ceil(of.length / 2)
    const values =
      first !== undefined && rest.length === 0
        ? sql`jsonb_build_object(${sql.literal(first.name)}, ${jsonValue(displays, first, rows[side])})`
        : sql`(${group(of.slice(0, half))} || ${group(of.slice(half))})`
    return sql`case when ${anyOf(of.map(differs))} then ${values} else ${nothing} end`
  }
  return sql`(${group(properties)})`
}

const nothing = sql`'{}'::jsonb`

/** Select list (before, after, drift) of a change row `c` against the stored row `stored`. */
export function valuesOfChange(
  displays: DisplayContext,
  properties: EntityType['properties'],
  stored: SQL,
): SQL {
  const all = (row: SQL) => allValues(displays, properties, row)
  const rows = { before: stored, after: sql`c` }
  const side = (which: 'before' | 'after') => differingValues(displays, properties, rows, which)
  return sql`case c._operation when 'insert' then null when 'delete' then ${all(stored)} else ${side('before')} end as before,
    case c._operation when 'delete' then null when 'insert' then ${all(sql`c`)} else ${side('after')} end as after,
    coalesce(c._drift, false) as drift`
}
