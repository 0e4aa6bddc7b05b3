/**
 * Columns follow properties, in the table of an entity type or of an association.
 *
 * @module
 */
import type { EnumProperty, Property } from '@sluice/model'
import { columnOf, columnsOf, identifier, literal, shortened } from '../layout/layout.ts'
import { counted, type Step } from './step.ts'

export interface PropertyOwner {
  /** Of the entity type or association, for people. */
  readonly name: string
  /** Unquoted. */
  readonly table: string
  /** Run when a property's values are gone: they have to be read from the sources again. */
  readonly forget: (property: string) => readonly string[]
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

/** Definitions of a property's columns for `create table` and `add column`. */
export function columnDefinitions(table: string, property: Property): readonly string[] {
  return columnsOf(property).map(({ name, sqlType }) => {
    const check = property.type === 'enum' ? ` constraint ${checkName(table, name)} ${checkOf(property)}` : ''
    return `${identifier(name)} ${sqlType}${check}`
  })
}

function added(owner: PropertyOwner, property: Property): Step {
  return {
    change: `adds property ${owner.name}.${property.name}`,
    sql: [
      alter(
        owner,
        columnDefinitions(owner.table, property).map((definition) => `add column ${definition}`),
      ),
    ],
  }
}

function dropped(owner: PropertyOwner, property: Property): Step {
  return {
    change: `drops property ${owner.name}.${property.name}`,
    sql: [dropColumns(owner, property), ...owner.forget(property.name)],
    loss: {
      count: countWhere(owner, property, 'is not null'),
      what: (count) => `property ${owner.name}.${property.name} would go with ${counted(count, 'value')}`,
    },
  }
}

function changed(owner: PropertyOwner, old: Property, property: Property): readonly Step[] {
  if (old.type === property.type && property.type !== 'enum') return []
  if (old.type === 'enum' && property.type === 'enum' && sameValues(old, property)) return []
  if (property.type === 'enum' && isText(old)) return [narrowed(owner, old, property)]
  const change = `changes property ${owner.name}.${property.name} from ${old.type} to ${property.type}`
  const column = identifier(columnOf(property))
  if (isText(old) && isText(property)) {
    return [{ change, sql: old.type === 'enum' ? [dropCheck(owner, old)] : [] }]
  }
  const cast = castOf(old, property, column)
  if (cast) {
    const [{ sqlType }] = columnsOf(property)
    return [{ change, sql: [alter(owner, [`alter column ${column} type ${sqlType} using ${cast}`])] }]
  }
  return [replaced(owner, old, property, change)]
}

/** To an enum, from another one or from text: values it does not know become absent. */
function narrowed(owner: PropertyOwner, old: Property, property: EnumProperty): Step {
  const column = identifier(columnOf(property))
  const unknown = `is not null and ${column} not in (${listOf(property)})`
  const check = `add constraint ${checkName(owner.table, columnOf(property))} ${checkOf(property)}`
  return {
    change: `changes the values of ${owner.name}.${property.name}`,
    sql: [
      ...(old.type === 'enum' ? [dropCheck(owner, old)] : []),
      `update ${identifier(owner.table)} set ${column} = null where ${column} ${unknown}`,
      alter(owner, [check]),
    ],
    loss: {
      count: countWhere(owner, property, unknown),
      what: (count) =>
        `${counted(count, 'value')} of ${owner.name}.${property.name} would go, not being among the enum's any more`,
    },
  }
}

function replaced(owner: PropertyOwner, old: Property, property: Property, change: string): Step {
  return {
    change,
    sql: [dropColumns(owner, old), ...added(owner, property).sql, ...owner.forget(property.name)],
    loss: {
      count: countWhere(owner, old, 'is not null'),
      what: (count) =>
        `${counted(count, 'value')} of ${owner.name}.${property.name} would go, because ${old.type} does not turn into ${property.type}`,
    },
  }
}

/** Expression that turns every old value into a new one; `undefined` when there is none. */
function castOf(old: Property, property: Property, column: string): string | undefined {
  if (old.type === 'integer' && property.type === 'decimal') return `${column}::numeric`
  if (property.type !== 'string' && property.type !== 'text') return undefined
  if (old.type === 'file' || old.type === 'reference') return undefined
  if (old.type === 'datetime') return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return `${column}::text`
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

function alter(owner: PropertyOwner, actions: readonly string[]): string {
  return `alter table ${identifier(owner.table)} ${actions.join(', ')}`
}

function dropColumns(owner: PropertyOwner, property: Property): string {
  return alter(
    owner,
    columnsOf(property).map(({ name }) => `drop column ${identifier(name)}`),
  )
}

function dropCheck(owner: PropertyOwner, property: Property): string {
  return alter(owner, [`drop constraint ${checkName(owner.table, columnOf(property))}`])
}

function checkName(table: string, column: string): string {
  return identifier(shortened(`${table}_${column}_values`))
}

function checkOf(property: EnumProperty): string {
  return `check (${identifier(columnOf(property))} in (${listOf(property)}))`
}

function listOf(property: EnumProperty): string {
  return property.values.map(literal).join(', ')
}

function countWhere(owner: PropertyOwner, property: Property, condition: string): string {
  return `select count(*) as lost from ${identifier(owner.table)} where ${identifier(columnOf(property))} ${condition}`
}
