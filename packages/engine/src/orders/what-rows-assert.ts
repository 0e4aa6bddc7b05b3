/**
 * What a source says of what was ordered of its rows.
 *
 * Of a type that the source owns whole the resource itself tells; of one that it shares, what it asserts, whoever wins.
 *
 * @module
 */
import { type EntityMapping, ownershipOf, type Property, replicaLayoutOf } from '@sluice/model'
import { columnOf, columnOfRow, commas, type SQL, sql, unionAll } from '@sluice/repository'
import { entityTypeOf, familyNames, type KnownSource, sourcesByName } from '../context/run-context.ts'
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
import { displayOf, type Known, ofTarget, shownAs } from './shown-values.ts'

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
export function whatRowsAssert(
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

/** A row `v` that is missing, or was not touched for too long (its replica is `r`), says nothing any more. */
export const isSaid = sql`v.primary_key is not null and r.absent_since is null and r.status is distinct from 'obsolete'`

function assertedByRow(context: Known, known: KnownSource, mapping: EntityMapping): Asserted {
  const shape = sharedShape(context.model, known, mapping)
  const names = new Set(orderable(context, mapping).map(({ name }) => name))
  return {
    joins: sql`left join ${shape.asserted} v on v.primary_key = o.key left join ${shape.replicas} r on r.key = v.primary_key`,
    there: isSaid,
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
