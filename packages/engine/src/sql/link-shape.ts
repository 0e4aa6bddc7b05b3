/**
 * One association mapping put into SQL terms, as `entity-shape.ts` does for entities.
 *
 * @module
 */
import {
  type Association,
  type AssociationMapping,
  associationColumns,
  type EntityModel,
  type PreparedColumn,
} from '@sluice/model'
import { columnsOf, linkColumns, type SQL, sql, typeOf } from '@sluice/repository'
import { type MappedValue, nameOfStaged, readAs, stagedNames, type ValueCheck } from './entity-shape.ts'
import { scalarExpression } from './value-expressions.ts'

export interface LinkShape {
  readonly mapping: AssociationMapping
  readonly association: Association
  /** The staged columns, unquoted, in the order of the rows' fields. */
  readonly columns: readonly string[]
  /** Staged columns of the two ends. */
  readonly from: SQL
  readonly to: SQL
  readonly values: readonly MappedValue[]
  /** Every value, and the length of the ends. */
  readonly checks: readonly ValueCheck[]
}

export type End = 'from' | 'to'

/** Both ends of a waiting link stand in one index, of which PostgreSQL's entries take 2,704 bytes. */
const longestEnd = 1250

export function linkShape(model: EntityModel, mapping: AssociationMapping): LinkShape {
  const association = model.associations.get(mapping.association)
  if (association === undefined) {
    throw new Error(
      `Association ${mapping.association} is not in the model; the configuration check let it pass.`,
    )
  }
  const prepared = associationColumns(mapping, model)
  const names = new Map([
    ...stagedNames(mapping.properties, prepared),
    [prepared.to.name, '_to_value'],
    [prepared.from.name, '_from_value'],
  ])
  const staged = ({ name }: PreparedColumn) => sql.identifier(nameOfStaged(names, name))
  const values = mapping.properties.flatMap((entry): readonly MappedValue[] => {
    const property = association.properties.find(({ name }) => name === entry.property)
    if (property === undefined) return []
    const [{ name: column, sqlType }] = columnsOf(property)
    const text = staged(prepared.of(entry.property))
    return [
      {
        property: property.name,
        required: property.required,
        column,
        sqlType,
        sourceColumn: entry.column,
        staged: text,
        ...scalarExpression(property, readAs(prepared.of(entry.property), entry), text),
      },
    ]
  })
  const ends = [prepared.from, prepared.to].map(
    (end): ValueCheck => ({
      staged: staged(end),
      sourceColumn: end.column,
      required: false,
      valid: sql`(octet_length(${staged(end)}) <= ${sql.literal(longestEnd)})`,
      expected: `at most ${longestEnd} bytes long, because links are looked up by it`,
    }),
  )
  return {
    mapping,
    association,
    columns: prepared.all.map(({ name }) => nameOfStaged(names, name)),
    from: staged(prepared.from),
    to: staged(prepared.to),
    values,
    checks: [...ends, ...values],
  }
}

/**
 * SQL (jsonb) of the properties of a waiting link, by column, in the text form of the database: whatever
 * the source's formats are by the time its ends arrive, the values are the same.
 */
export function linkProperties(association: Association, row: SQL): SQL {
  const pairs = linkColumns(association).map(
    ({ name }) => sql`${sql.literal(name)}, ${row}.${sql.identifier(name)}::text`,
  )
  return pairs.length === 0
    ? sql`null::jsonb`
    : sql`jsonb_strip_nulls(jsonb_build_object(${sql.join(pairs, ', ')}))`
}

/** The columns of a waiting link's properties, typed. */
export function typedLinkProperties(association: Association, properties: SQL): readonly SQL[] {
  return linkColumns(association).map(
    (column) =>
      sql`(${properties} ->> ${sql.literal(column.name)})::${typeOf(column)} as ${sql.identifier(column.name)}`,
  )
}

/** The end that may have one link only, if there is one. */
export function singleEnd({ cardinality }: Association): End | undefined {
  return cardinality === 'many-to-many' ? undefined : cardinality === 'many-to-one' ? 'from' : 'to'
}

/** Column of a pair that holds what the source calls an end. */
export function endValue(end: End): SQL {
  return sql.identifier(`_${end}_value`)
}

/** Column of a pair or link that holds the resource at an end. */
export function endId(end: End): SQL {
  return sql.identifier(`${end}_id`)
}
