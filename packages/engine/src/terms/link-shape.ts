/**
 * One association mapping put into SQL terms, as `entity-shape.ts` does for entities.
 *
 * @module
 */
import {
  type Association,
  type AssociationMapping,
  columnsOfAssociationMapping,
  type EntityModel,
} from '@sluice/model'
import { columnsOf, identifier, linkColumns, literal } from '@sluice/repository'
import type { MappedValue, ValueCheck } from './entity-shape.ts'
import { scalarExpression } from './value-expressions.ts'

export interface LinkShape {
  readonly mapping: AssociationMapping
  readonly association: Association
  readonly columns: readonly string[]
  /** Staged columns of the two ends. */
  readonly from: string
  readonly to: string
  readonly values: readonly MappedValue[]
  /** Every value, and the length of the ends. */
  readonly checks: readonly ValueCheck[]
}

/** Both ends of a waiting link stand in one index, of which PostgreSQL's entries take 2,704 bytes. */
const longestEnd = 1250

export function linkShape(model: EntityModel, mapping: AssociationMapping): LinkShape {
  const association = model.associations.get(mapping.association)
  if (association === undefined) {
    throw new Error(
      `Association ${mapping.association} is not in the model; the configuration check let it pass.`,
    )
  }
  const columns = columnsOfAssociationMapping(mapping)
  const staged = (column: string) => `c${columns.indexOf(column) + 1}`
  const values = mapping.properties.flatMap((entry): readonly MappedValue[] => {
    const property = association.properties.find(({ name }) => name === entry.property)
    if (property === undefined) return []
    const [{ name: column, sqlType }] = columnsOf(property)
    return [
      {
        property: property.name,
        required: property.required,
        column,
        sqlType,
        sourceColumn: entry.column,
        staged: staged(entry.column),
        ...scalarExpression(property, entry, staged(entry.column)),
      },
    ]
  })
  const ends = [mapping.from, mapping.to].map(
    ({ column }): ValueCheck => ({
      staged: staged(column),
      sourceColumn: column,
      required: false,
      valid: `(octet_length(${staged(column)}) <= ${longestEnd})`,
      expected: `at most ${longestEnd} bytes long, as the end of a link has to be`,
    }),
  )
  return {
    mapping,
    association,
    columns,
    from: staged(mapping.from.column),
    to: staged(mapping.to.column),
    values,
    checks: [...ends, ...values],
  }
}

/**
 * SQL (jsonb) of the properties of a waiting link, by column, in the text form of the database: whatever
 * the source's formats are by the time its ends arrive, the values are the same.
 */
export function linkProperties(association: Association, row: string): string {
  const pairs = linkColumns(association).map(
    ({ name }) => `${literal(name)}, ${row}.${identifier(name)}::text`,
  )
  return pairs.length === 0 ? 'null::jsonb' : `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`
}

/** The end that may have one link only, if there is one. */
export function singleEnd({ cardinality }: Association): 'from' | 'to' | undefined {
  return cardinality === 'many-to-many' ? undefined : cardinality === 'many-to-one' ? 'from' : 'to'
}
