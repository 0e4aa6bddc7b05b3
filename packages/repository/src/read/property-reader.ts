/**
 * How a property is read: the SQL that selects it, and what becomes of the selected columns.
 *
 * @module
 */
import { type EntityType, isSecret, type Property, type StoredModel, shownSecret } from '@sluice/model'
import type { Row } from '../database/database.ts'
import { type Display, displayOf } from '../layout/display.ts'
import { columnOf, columnsOf, entityTable, familyView, hasFamilyView } from '../layout/layout.ts'
import { columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql, Table } from '../sql/statement.ts'
import type { StoredFile } from './read-types.ts'

export interface PropertyReader {
  readonly property: Property
  /** Items of the select list; each bears the name of its column, or one that begins with an underscore. */
  readonly select: readonly SQL[]
  /** Joins the target of a reference; blank for everything else. */
  readonly join: SQL
  /** What conditions compare: the value, or a reference's display value. */
  readonly expression: SQL
  readonly value: (row: Row) => unknown
  /** Resource id a reference points to. */
  readonly referenceId: (row: Row) => string | null
}

/** `row` is the alias of the table or view, `number` makes what is found for this property its own. */
export function propertyReader(
  model: StoredModel,
  property: Property,
  row: SQL,
  number: number,
): PropertyReader {
  const name = columnOf(property)
  const column = columnOfRow(row, name)
  const none = () => null
  if (property.type === 'reference') {
    const shown = `_shown_${number}`
    const { expression, join } = displayJoin(model, property.to, column, sql.identifier(`found_${number}`))
    return {
      property,
      select: [column, sql`${expression} as ${sql.identifier(shown)}`],
      join,
      expression,
      value: (found) => found[shown] ?? null,
      referenceId: (found) => textOrNull(found[name]),
    }
  }
  if (property.type === 'file') {
    const described = columnsOf(property).slice(1)
    const [fileName = '', mediaType = ''] = described.map((each) => each.name)
    return {
      property,
      select: [
        sql`octet_length(${column}) as ${sql.identifier(name)}`,
        ...described.map((each) => columnOfRow(row, each.name)),
      ],
      join: sql.blank,
      expression: column,
      value: (found) => fileOf(found[name], found[fileName], found[mediaType]),
      referenceId: none,
    }
  }
  if (isSecret(property)) {
    const shown = sql`case when ${column} is not null then ${sql.literal(shownSecret)} end`
    return {
      property,
      select: [sql`${shown} as ${sql.identifier(name)}`],
      join: sql.blank,
      expression: shown,
      value: (found) => textOrNull(found[name]),
      referenceId: none,
    }
  }
  const convert = property.type === 'integer' ? integerOf : (value: unknown) => value
  return {
    property,
    select: [column],
    join: sql.blank,
    expression: column,
    value: (found) => convert(found[name]),
    referenceId: none,
  }
}

/** What to select from for a type: its view, or its table with the type's name beside it. */
export function relationOf(model: StoredModel, type: EntityType, includeSubtypes = true): Table | SQL {
  if (includeSubtypes && hasFamilyView(model, type)) return new Table(familyView(type.name))
  return sql`(select *, ${sql.literal(type.name)}::text as entity_type from ${new Table(entityTable(type.name))})`
}

/**
 * The display value of the resource of `entityType` with the id `id`: the expression, and the join
 * it needs. Where there is no such value, or no such resource any more, it shows the id.
 */
export function displayJoin(
  model: StoredModel,
  entityType: string,
  id: SQL,
  alias: SQL,
): { readonly expression: SQL; readonly join: SQL } {
  const type = model.entityTypes.get(entityType)
  const display = displayIn(model, type)
  if (!type || !display) return { expression: sql`${id}::text`, join: sql.blank }
  return {
    expression: sql`coalesce(${display.text(alias)}, ${id}::text)`,
    join: sql`left join ${relationOf(model, type)} ${alias} on ${alias}.resource_id = ${id}`,
  }
}

/**
 * What people recognise a resource by: as the type says it, or the one it extends, else the key that all its sources agree on. A
 * file, a secret or a reference shows nothing by itself.
 */
export function displayIn(model: StoredModel, type: EntityType | undefined): Display | undefined {
  return displayOf(model, type, commonKeyOf(model, type))
}

function commonKeyOf(model: StoredModel, type: EntityType | undefined): string | undefined {
  const mappings = [...model.sources.values()].flatMap(({ entities }) => entities)
  const keys = new Set(mappings.filter(({ entityType }) => entityType === type?.name).map(({ key }) => key))
  const [only, ...others] = keys
  return others.length === 0 ? only : undefined
}

function fileOf(size: unknown, name: unknown, mediaType: unknown): StoredFile | null {
  return typeof size === 'number' ? { name: textOrNull(name), mediaType: textOrNull(mediaType), size } : null
}

function integerOf(value: unknown): unknown {
  return typeof value === 'string' ? exactInteger(value) : value
}

/** A number where a number can hold the text's integer; else the text. */
export function exactInteger(text: string): number | string {
  const number = Number(text)
  return Number.isSafeInteger(number) && String(number) === text ? number : text
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
