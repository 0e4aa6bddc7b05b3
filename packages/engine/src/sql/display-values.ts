/**
 * Old and new values of a change as JSON by property name, the form of histories and plans.
 *
 * Updates show what differs and nothing else. A reference is shown as what people call its target, so
 * that a history still makes sense when the target is gone. Of binary content only size and checksum
 * are kept: a history is no place for photographs. Of a secret it says that there is one.
 *
 * @module
 */
import {
  type ChangeCounts,
  type EntityModel,
  type EntityType,
  isSecret,
  type Property,
  shownSecret,
} from '@sluice/model'
import {
  anyOf,
  columnOfRow,
  columnsOf,
  commas,
  type Display,
  displayOf as displayOfType,
  family,
  type SQL,
  sql,
  Table,
} from '@sluice/repository'
import { resourcesOf } from './tables.ts'
import { textsAsJson } from './texts-as-json.ts'

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
 * SQL of what people call a resource: what it is displayed by, stored or about to be; else what the
 * expressions in `otherwise` know of it; else its id.
 */
export function displayName(
  displays: DisplayContext,
  entityType: string,
  id: SQL,
  otherwise: readonly SQL[] = [],
): SQL {
  const names = family(displays.model, entityType).flatMap((type): readonly SQL[] => {
    const display = displayOf(displays.model, type)
    if (display === undefined) return []
    const shown = display.text(sql`x`)
    const change = displays.changes.find((entry) => entry.entityType === type.name)
    const stored = sql`(select ${shown} from ${resourcesOf(type.name)} x where x.resource_id = ${id})`
    if (change === undefined || change.counts.inserted === 0) return [stored]
    return [
      stored,
      sql`(select ${shown} from ${new Table(change.table)} x where x.resource_id = ${id} limit 1)`,
    ]
  })
  return sql`coalesce(${commas([...names, ...otherwise, sql`${id}::text`])})`
}

/** By which people are shown the resources of a type, whatever its sources know them by. */
export function displayOf(model: EntityModel, type: EntityType): Display | undefined {
  return displayOfType(model, type, type.properties[0]?.name)
}

/** SQL (text) of what people call the resource `row` of a type; null where it has no such value. */
export function displayText(model: EntityModel, type: EntityType, row: SQL): SQL {
  return displayOf(model, type)?.text(row) ?? sql`null::text`
}

/** Whether `shownValue` is a text. */
function isShownAsText({ type }: Property): boolean {
  return ['string', 'text', 'enum', 'secret', 'file', 'reference'].includes(type)
}

/** SQL of one property's value in `row`, as JSON will hold it; null when it has none. */
function shownValue(displays: DisplayContext, property: Property, row: SQL): SQL {
  const [first] = columnsOf(property)
  const column = columnOfRow(row, first.name)
  if (property.type === 'reference') {
    return sql`case when ${column} is not null then ${displayName(displays, property.to, column)} end`
  }
  if (isSecret(property))
    return sql`case when ${column} is not null then ${sql.literal(shownSecret)}::text end`
  if (property.type !== 'file') return column
  return sql`octet_length(${column}) || ' bytes, md5 ' || md5(${column})`
}

/** Scalar subquery: `{property: value}` of everything `row` holds. */
export function allValues(displays: DisplayContext, properties: readonly Property[], row: SQL): SQL {
  if (properties.length === 0) return nothing
  const pairs = properties.map(
    (property) => sql`(${sql.literal(property.name)}, to_jsonb(${shownValue(displays, property, row)}))`,
  )
  return sql`(select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ${commas(pairs)}) v(name, value) where v.value is not null)`
}

/** SQL condition: the value of a property in one row is another than in the other; of a file, its name and type count, too. */
export function differsIn(
  property: Property,
  { before, after }: { readonly before: SQL; readonly after: SQL },
): SQL {
  const [first, ...others] = columnsOf(property).map(
    ({ name }) => sql`${columnOfRow(before, name)} is distinct from ${columnOfRow(after, name)}`,
  )
  if (first === undefined) return sql.false
  return others.length === 0 ? first : anyOf([first, ...others])
}

type Difference = typeof differsIn

/** Properties that are compared together first: mostly one value differs of many, and whole groups are passed over. */
const groupSize = 4

/** SQL (jsonb): `{property: value of side}` of what differs between `before` and `after`. */
function differingValues(
  displays: DisplayContext,
  properties: readonly Property[],
  rows: { readonly before: SQL; readonly after: SQL },
  { side, differsIn: differsAt }: { readonly side: 'before' | 'after'; readonly differsIn: Difference },
): SQL {
  if (properties.length === 0) return nothing
  const differs = (property: Property) => differsAt(property, rows)
  const one = (property: Property) => {
    const { name } = property
    const value = shownValue(displays, property, rows[side])
    return isShownAsText(property)
      ? textsAsJson([{ name, text: value }])
      : sql`jsonb_build_object(${sql.literal(name)}, ${value})`
  }
  // Concatenated, because a subquery for every row costs several times as much.
  const joined = (objects: readonly SQL[]) => sql`(${sql.join(objects, ' || ')})`
  const where = (condition: SQL, object: SQL) =>
    sql`case when ${condition} then ${object} else ${nothing} end`
  const ofGroup = (group: readonly Property[]) =>
    where(anyOf(group.map(differs)), joined(group.map((property) => where(differs(property), one(property)))))
  return joined(inGroups(properties, groupSize).map(ofGroup))
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size))
}

const nothing = sql`'{}'::jsonb`

interface ChangedRow {
  readonly properties: EntityType['properties']
  /** Alias of the stored row. */
  readonly stored: SQL
  /** For the operations that there are. */
  readonly counts: ChangeCounts
}

/** Select list (before, after, drift) of a change row `c` against the stored row; of updates, of what `difference` says. */
export function valuesOfChange(
  displays: DisplayContext,
  { properties, stored, counts: { inserted, updated, deleted } }: ChangedRow,
  difference: Difference = differsIn,
): SQL {
  const rows = { before: stored, after: sql`c` }
  const side = (which: keyof typeof rows, whole: { readonly operation: SQL; readonly count: number }) => {
    const cases = [
      ...(whole.count === 0
        ? []
        : [sql`when ${whole.operation} then ${allValues(displays, properties, rows[which])}`]),
      ...(updated === 0
        ? []
        : [
            sql`when 'update' then ${differingValues(displays, properties, rows, { side: which, differsIn: difference })}`,
          ]),
    ]
    return cases.length === 0 ? sql`null::jsonb` : sql`case c._operation ${sql.join(cases, ' ')} end`
  }
  return sql`${side('before', { operation: sql`'delete'`, count: deleted })} as before,
    ${side('after', { operation: sql`'insert'`, count: inserted })} as after,
    coalesce(c._drift, false) as drift`
}
