/**
 * What people are shown of a resource, in lists, at the ends of links, in histories and messages, and by which they find it. Whoever
 * shows one asks here.
 *
 * @module
 */
import { canName, type EntityModel, type EntityType, type Property, propertiesShown } from '@sluice/model'
import { columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql } from '../sql/statement.ts'
import { termText, trimmed, valueText } from './display-text.ts'
import { columnOf, resourceIdColumn } from './layout.ts'
import { lookedUpAs } from './looked-up.ts'

export interface Display {
  /** Of which it is made. */
  readonly properties: readonly Property[]
  /** Where it is the value of one. */
  readonly property?: Property | undefined
  /** SQL (text) of what a resource is shown as; null where it has no such value. */
  readonly text: (row: SQL) => SQL
  /** SQL (text) of what is compared with what people write to name it. */
  readonly named: (row: SQL) => SQL
}

type Types = Pick<EntityModel, 'entityTypes'>

/** `otherwise`: shows resources of a type that says nothing of it, and of a name that is made those for which none comes. */
export function displayOf(
  model: Types,
  type: EntityType | undefined,
  otherwise: string | undefined,
): Display | undefined {
  if (type === undefined) return undefined
  const shown = declared(model, type)
  const fallback = propertyThatNames(type, otherwise)
  if (shown === undefined) return fallback && displayOfProperty(fallback)
  if (typeof shown === 'string') {
    const property = propertyThatNames(type, shown)
    return property && displayOfProperty(property)
  }
  const names = propertiesShown(shown)
  const named = (row: SQL) => {
    const made = sql`nullif(${trimmed(termText({ type, row }, shown.term))}, '')`
    const text = fallback === undefined ? made : sql`coalesce(${made}, ${valueText(fallback, row)})`
    // Where a join found nobody, there is nobody to make a name for.
    return sql`case when ${columnOfRow(row, resourceIdColumn)} is not null then ${text} end`
  }
  return {
    properties: type.properties.filter((each) => names.includes(each.name) || each === fallback),
    text: named,
    named,
  }
}

function displayOfProperty(property: Property): Display {
  return {
    properties: [property],
    property,
    text: (row) => valueText(property, row),
    named: (row) => lookedUpAs(property, columnOfRow(row, columnOf(property))),
  }
}

/** By the type itself, or the nearest that it extends. */
function declared(model: Types, type: EntityType): EntityType['display'] {
  if (type.display !== undefined) return type.display
  const base = model.entityTypes.get(type.extends ?? '')
  return base === undefined ? undefined : declared(model, base)
}

function propertyThatNames(type: EntityType, name: string | undefined): Property | undefined {
  return type.properties.find((property) => property.name === name && canName(property))
}
