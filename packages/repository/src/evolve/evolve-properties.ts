/**
 * Columns follow properties, in the table of an entity type or of an association.
 *
 * @module
 */
import {
  canName,
  type EnumProperty,
  hiddenLength,
  hiddenPrefix,
  isSecret,
  type Property,
  type SecretProperty,
} from '@sluice/model'
import { columnOf, columnsOf, type DefinedColumn, definitionOf, shortened, typeOf } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, type Table, writtenOut } from '../sql/statement.ts'
import { forgetClearTexts } from './forget-clear-texts.ts'
import { counted, type Loss, type Lost, type Step } from './step.ts'

export interface PropertyOwner {
  /** Of the entity type or association, for people. */
  readonly name: string
  readonly table: Table
  /** Run when a property's values are gone: they have to be read from the sources again. */
  readonly forget: (property: string) => readonly Statement[]
  /** Run when an enum has other values than before: what waits may hold one that is none any more. */
  readonly forgetUnknown?: ((property: EnumProperty) => readonly Statement[]) | undefined
}

export function propertySteps(
  owner: PropertyOwner,
  before: readonly Property[],
  after: readonly Property[],
): readonly Step[] {
  const beforeByName = new Map(before.map((property) => [property.name, property]))
  const afterNames = new Set(after.map(({ name }) => name))
  return [
    ...before.filter(({ name }) => !afterNames.has(name)).map((property) => dropped(owner, property)),
    ...after.flatMap((property) => {
      const old = beforeByName.get(property.name)
      return old ? changed(owner, old, property) : [added(owner, property)]
    }),
  ]
}

/** Definitions of the columns of properties, for `create table`. */
export function propertyDefinitions(table: Table, properties: readonly Property[]): readonly SQL[] {
  return properties.flatMap((property) => definedColumns(table, property).map(definitionOf))
}

function definedColumns(table: Table, property: Property): readonly DefinedColumn[] {
  if (isSecret(property))
    return columnsOf(property).map((column) => ({ ...column, constraint: isHiddenIn(table, property) }))
  if (property.type !== 'enum') return columnsOf(property)
  return columnsOf(property).map((column) => ({ ...column, constraint: checkOf(table, property) }))
}

/** Whoever writes past Sluice is told that a secret is not kept as it is. */
function isHiddenIn(table: Table, property: SecretProperty): SQL {
  const name = columnOf(property)
  const column = sql.identifier(name)
  const hidden = sql`starts_with(${column}, ${writtenOut(hiddenPrefix)}) and length(${column}) = ${writtenOut(String(hiddenLength))}::int`
  return sql`constraint ${sql.identifier(shortened(`${table.name}_${name}_hidden`))} check (${hidden})`
}

function added(owner: PropertyOwner, property: Property): Step {
  return {
    change: `adds property ${owner.name}.${property.name}`,
    statements: [
      statement(`evolve/add-property ${owner.name}.${property.name}`, addColumns(owner, property)),
    ],
  }
}

function dropped(owner: PropertyOwner, property: Property): Step {
  const about = `${owner.name}.${property.name}`
  return {
    change: `drops property ${about}`,
    statements: [
      statement(`evolve/drop-property ${about}`, dropColumns(owner, property)),
      ...owner.forget(property.name),
    ],
    loss: {
      count: valuesLost(owner, property),
      what: (count) => `property ${about} would be lost, with ${counted(count, 'value')}`,
    },
  }
}

function changed(owner: PropertyOwner, old: Property, property: Property): readonly Step[] {
  if (old.type === property.type && property.type !== 'enum') return []
  if (old.type === 'enum' && property.type === 'enum' && sameValues(old, property)) return []
  if (property.type === 'enum' && isText(old)) return [narrowed(owner, old, property)]
  const about = `${owner.name}.${property.name}`
  const change = `changes property ${about} from ${old.type} to ${property.type}`
  if (isText(old) && isText(property)) {
    return [{ change, statements: old.type === 'enum' ? [dropCheck(owner, old)] : [] }]
  }
  const column = sql.identifier(columnOf(property))
  const cast = castOf(old, property, column)
  if (cast === undefined) return [replaced(owner, old, property, change)]
  const [to] = columnsOf(property)
  const converted = alter(owner, [sql`alter column ${column} type ${typeOf(to)} using ${cast}`])
  return [{ change, statements: [statement(`evolve/convert-property ${about}`, converted)] }]
}

/** To an enum, from another one or from text: values it does not know become absent. */
function narrowed(owner: PropertyOwner, old: Property, property: EnumProperty): Step {
  const about = `${owner.name}.${property.name}`
  const column = sql.identifier(columnOf(property))
  const widened = old.type === 'enum' && old.values.every((value) => property.values.includes(value))
  const unknown = sql`${column} is not null and ${column} not in (${listOf(property)})`
  return {
    change: `changes the values of ${about}`,
    statements: [
      ...(old.type === 'enum' ? [dropCheck(owner, old)] : []),
      statement(
        `evolve/empty-unknown-values ${about}`,
        sql`update ${owner.table} set ${column} = null where ${unknown}`,
      ),
      ...(owner.forgetUnknown?.(property) ?? []),
      statement(`evolve/add-check ${about}`, alter(owner, [sql`add ${checkOf(owner.table, property)}`])),
    ],
    ...(widened ? {} : { loss: unknownValues(about, owner, unknown) }),
  }
}

function unknownValues(about: string, owner: PropertyOwner, unknown: SQL): Loss {
  return {
    count: statement(
      `evolve/count-unknown-values ${about}`,
      sql`select count(*) as lost from ${owner.table} where ${unknown}`,
    ),
    what: (count) => `${counted(count, 'value')} of ${about} would be lost: the enum no longer has them`,
  }
}

function replaced(owner: PropertyOwner, old: Property, property: Property, change: string): Step {
  const about = `${owner.name}.${property.name}`
  return {
    change,
    statements: [
      statement(`evolve/drop-property ${about}`, dropColumns(owner, old)),
      ...added(owner, property).statements,
      ...owner.forget(property.name),
      ...(isSecret(property) ? forgetClearTexts(owner.name, property) : []),
    ],
    loss: {
      count: valuesLost(owner, old),
      what: (count) =>
        `${counted(count, 'value')} of ${about} would be lost, because ${old.type} cannot be converted to ${property.type}`,
    },
  }
}

/** Expression that turns every old value into a new one; `undefined` when there is none. */
function castOf(old: Property, property: Property, column: SQL): SQL | undefined {
  const [to] = columnsOf(property)
  if (old.type === 'integer' && property.type === 'decimal') return sql`${column}::${typeOf(to)}`
  if (property.type !== 'string' && property.type !== 'text') return undefined
  if (!canName(old)) return undefined
  if (old.type === 'datetime')
    return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return sql`${column}::text`
}

function isText(property: Property): boolean {
  return property.type === 'string' || property.type === 'text' || property.type === 'enum'
}

function sameValues(old: EnumProperty, property: EnumProperty): boolean {
  return (
    old.values.length === property.values.length &&
    old.values.every((value) => property.values.includes(value))
  )
}

function alter({ table }: PropertyOwner, actions: readonly SQL[]): SQL {
  return sql`alter table ${table} ${commas(actions)}`
}

function addColumns(owner: PropertyOwner, property: Property): SQL {
  const columns = definedColumns(owner.table, property)
  return alter(
    owner,
    columns.map((column) => sql`add column ${definitionOf(column)}`),
  )
}

function dropColumns(owner: PropertyOwner, property: Property): SQL {
  return alter(
    owner,
    columnsOf(property).map(({ name }) => sql`drop column ${sql.identifier(name)}`),
  )
}

function dropCheck(owner: PropertyOwner, property: EnumProperty): Statement {
  return statement(
    `evolve/drop-check ${owner.name}.${property.name}`,
    alter(owner, [sql`drop constraint ${checkName(owner.table, property)}`]),
  )
}

function checkName(table: Table, property: EnumProperty): SQL {
  return sql.identifier(shortened(`${table.name}_${columnOf(property)}_values`))
}

function checkOf(table: Table, property: EnumProperty): SQL {
  const column = sql.identifier(columnOf(property))
  return sql`constraint ${checkName(table, property)} check (${column} in (${listOf(property)}))`
}

/** Written out, because a check holds no values of a statement. */
function listOf({ values }: EnumProperty): SQL {
  return commas(values.map(writtenOut))
}

function valuesLost({ name, table }: PropertyOwner, property: Property): Statement<Lost> {
  return statement(
    `evolve/count-values ${name}.${property.name}`,
    sql`select count(*) as lost from ${table} where ${sql.identifier(columnOf(property))} is not null`,
  )
}
