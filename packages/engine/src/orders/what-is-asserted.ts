/**
 * What a source says of the things that were ordered of it.
 *
 * Of a type that the source owns whole the resource itself tells; of one that it shares, what it asserts, whoever wins.
 *
 * @module
 */
import {
  type EntityMapping,
  ownershipOf,
  type Property,
  type ReferenceProperty,
  replicaLayoutOf,
  storedModelOf,
} from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  commas,
  displayPropertyOf,
  lookedUpAs,
  type SQL,
  sql,
  unionAll,
} from '@sluice/repository'
import {
  entityTypeOf,
  familyNames,
  type KnownSource,
  type RunContext,
  sourcesByName,
} from '../context/run-context.ts'
import { lookupValue } from '../sql/lookups.ts'
import {
  isReference,
  type SharedProperty,
  type SharedReference,
  sharedShape,
  textsOf,
  valuesOf,
} from '../sql/shared-shape.ts'
import { orphanReferences, replicasOf, resourcesOf } from '../sql/tables.ts'

export type Known = Pick<RunContext, 'model' | 'sources'>

/** Where it is read, and how: texts in the form in which readers show values. */
interface Asserted {
  /** Joins behind the order `o`. */
  readonly joins: SQL
  /** Condition: the source has such a row. */
  readonly there: SQL
  readonly properties: readonly AssertedProperty[]
}

interface AssertedProperty {
  readonly name: string
  readonly shown: SQL
  /** Of a reference: the text by which the source names the target. */
  readonly named?: SQL | undefined
}

/**
 * Query of the orders `o` of an entity type that fulfil a condition: all columns of the order, and `now_there`, `now_asserted`, `now_named`.
 * Of a property that is not mapped any more the source asserts nothing, so such orders are left as they are.
 */
export function whatIsAsserted(
  context: Known,
  known: KnownSource,
  mapping: EntityMapping,
  condition: SQL,
): SQL {
  const { joins, there, properties } = isShared(context, mapping)
    ? assertedByRow(context, known, mapping)
    : assertedByResource(context, known, mapping)
  return sql`select o.*, coalesce(${there}, false) as now_there, nullif(${chosen(properties, ({ shown }) => shown)}, '') as now_asserted,
      ${chosen(properties, ({ named }) => named)} as now_named
    from sluice_order o ${joins}
    where o.source_id = ${sql.literal(known.id)} and o.entity_type = ${sql.literal(mapping.entityType)} and (${condition})
      and (o.property is null or ${isMapped(properties)})`
}

function isMapped(properties: readonly AssertedProperty[]): SQL {
  return properties.length === 0
    ? sql.false
    : sql`o.property in (${commas(properties.map(({ name }) => sql.literal(name)))})`
}

function isShared({ sources }: Known, { entityType }: EntityMapping): boolean {
  return replicaLayoutOf(ownershipOf(sourcesByName(sources), entityType)) === 'values'
}

/** Of the property that the order is about. */
function chosen(
  properties: readonly AssertedProperty[],
  of: (property: AssertedProperty) => SQL | undefined,
): SQL {
  const cases = properties.flatMap((property) => {
    const text = of(property)
    return text === undefined ? [] : [sql`when ${sql.literal(property.name)} then ${text}`]
  })
  return cases.length === 0 ? sql`null::text` : sql`case o.property ${sql.join(cases, ' ')} end`
}

/** Properties that can be ordered: files have no text. */
export function orderable(context: Known, { entityType, properties }: EntityMapping): readonly Property[] {
  const type = entityTypeOf(context.model, entityType)
  const mapped = new Set(properties.map(({ property }) => property))
  return type.properties.filter(({ name, type }) => mapped.has(name) && type !== 'file' && type !== 'secret')
}

function assertedByResource(context: Known, { source }: KnownSource, mapping: EntityMapping): Asserted {
  return {
    joins: sql`left join ${replicasOf(source.name, mapping.entityType)} r on r.key = o.key
      left join ${resourcesOf(mapping.entityType)} x on x.resource_id = r.resource_id`,
    there: sql`x.resource_id is not null`,
    properties: orderable(context, mapping).map((property): AssertedProperty => {
      const column = columnOfRow(sql`x`, columnOf(property))
      if (property.type !== 'reference') return { name: property.name, shown: shownAs(property, column) }
      const by = mapping.properties.find((one) => one.property === property.name)?.by
      const orphan = sql`(select w.value from ${orphanReferences} w where w.resource_id = x.resource_id and w.property = ${sql.literal(property.name)})`
      return {
        name: property.name,
        shown: sql`coalesce(${displayOf(context, property, column)}, ${orphan})`,
        named:
          by === undefined
            ? orphan
            : sql`coalesce(${ofTarget(context, property, column, (type, row) => lookupValue(context, type, by, row))}, ${orphan})`,
      }
    }),
  }
}

/** A row that is missing, or was not touched for too long, says nothing any more. */
function assertedByRow(context: Known, known: KnownSource, mapping: EntityMapping): Asserted {
  const shape = sharedShape(context.model, known, mapping)
  const names = new Set(orderable(context, mapping).map(({ name }) => name))
  return {
    joins: sql`left join ${shape.asserted} v on v.primary_key = o.key left join ${shape.replicas} r on r.key = v.primary_key`,
    there: sql`v.primary_key is not null and r.absent_since is null and r.status is distinct from 'obsolete'`,
    properties: shape.properties
      .filter(({ property }) => names.has(property.name))
      .map((property): AssertedProperty => ({ name: property.property.name, ...textOf(context, property) })),
  }
}

function textOf(context: Known, property: SharedProperty): Omit<AssertedProperty, 'name'> {
  const raw = sql`nullif(${textsOf(property, sql`v`)[0]}, '')`
  if (isReference(property)) {
    const id = targetOf(context, property, raw)
    return { shown: sql`coalesce(${displayOf(context, property.property, id)}, ${raw})`, named: raw }
  }
  const [value] = valuesOf(property, sql`v`)
  const { property: of } = property
  return { shown: value === undefined ? raw : sql`coalesce(${shownAs(of, value)}, ${raw})` }
}

/** SQL (text) of a value, as readers show it. */
function shownAs(property: Property, value: SQL): SQL {
  const text = lookedUpAs(property, value)
  return property.type === 'datetime' ? sql`replace(replace(${text}, ' ', 'T'), '+00', 'Z')` : text
}

/** SQL of what people call the target of a reference. */
function displayOf({ model, sources }: Known, property: ReferenceProperty, id: SQL): SQL {
  const stored = storedModelOf({ model, sources: sourcesByName(sources) })
  const display = displayPropertyOf(stored, stored.entityTypes.get(property.to))
  if (display === undefined) return sql`${id}::text`
  return ofTarget({ model, sources }, property, id, (_, row) =>
    shownAs(display, columnOfRow(row, columnOf(display))),
  )
}

/** SQL of a text of the resource that a reference points to, of whatever type of the family it is. */
function ofTarget(
  { model }: Known,
  { to }: ReferenceProperty,
  id: SQL,
  text: (entityType: string, row: SQL) => SQL,
): SQL {
  const texts = familyNames(model, to).map(
    (name) => sql`(select ${text(name, sql`t`)} from ${resourcesOf(name)} t where t.resource_id = ${id})`,
  )
  return texts.length === 0 ? sql`null::text` : sql`coalesce(${commas(texts)})`
}

/** SQL of the id of the one resource that answers to a name. */
function targetOf(context: Known, { property, by }: SharedReference, name: SQL): SQL {
  const found = familyNames(context.model, property.to).map((type) => {
    const value =
      by === undefined || by === 'resource_id'
        ? sql`t.resource_id::text`
        : lookupValue(context, type, by, sql`t`)
    return sql`select t.resource_id from ${resourcesOf(type)} t where ${value} = ${name}`
  })
  if (found.length === 0) return sql`null::bigint`
  return sql`(select case when count(*) = 1 then min(f.resource_id) end from (${unionAll(found)}) f)`
}
