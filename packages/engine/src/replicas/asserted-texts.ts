/**
 * What a staged row asserts, as texts for the table of asserted values.
 *
 * @module
 */
import { namesIn } from '@sluice/model'
import { assertedColumns, columnOf, lookedUpAs, partColumns, type SQL, sql } from '@sluice/repository'
import { propertyOf } from '../context/run-context.ts'
import type { ComposedColumn, EntityShape } from '../sql/entity-shape.ts'

export interface AssertedText {
  /** Column of asserted values, unquoted. */
  readonly name: string
  readonly text: SQL
}

/** What the row `a` of the mapping asserts. */
export function assertedTexts(shape: EntityShape): readonly AssertedText[] {
  return shape.mapping.properties.flatMap((entry) => textsOf(shape, entry.property))
}

/** A value that the row leaves empty is asserted to be none. */
function textsOf(shape: EntityShape, name: string): readonly AssertedText[] {
  const property = propertyOf(shape.type, name)
  const columns = assertedColumns(property)
  const asserted = (column: string, text: SQL): AssertedText => ({
    name: column,
    text: sql`coalesce(${text}, '')`,
  })
  if (property.type === 'reference') {
    const together = shape.composed.find((one) => one.name === columns[0])
    if (together !== undefined) return partTexts(shape, name, together)
    const reference = shape.references.find((one) => one.property.name === name)
    return [asserted(columns[0], reference?.staged ?? sql.null)]
  }
  const values = shape.values.filter((value) => value.property === name)
  if (property.type !== 'file') {
    const [value] = values
    return [asserted(columns[0], lookedUpAs(property, sql`(${value?.value ?? sql.null})`))]
  }
  const valueIn = (suffix: string) =>
    values.find(({ column }) => column === `${columnOf(property)}${suffix}`)?.value ?? sql.null
  const [content, fileName, mediaType] = columns
  return [
    asserted(content, sql`encode(${valueIn('')}, 'base64')`),
    asserted(
      fileName ?? '',
      sql`case when ${valueIn('')} is null then '' else coalesce(${valueIn('_filename')}, ${sql.literal(name)}) end`,
    ),
    asserted(
      mediaType ?? '',
      sql`case when ${valueIn('')} is null then '' else coalesce(${valueIn('_mediatype')}, 'application/octet-stream') end`,
    ),
  ]
}

/** The column that they make together follows from them. */
function partTexts({ mapping }: EntityShape, name: string, { of }: ComposedColumn): readonly AssertedText[] {
  const by = mapping.properties.find(({ property }) => property === name)?.by ?? ''
  return partColumns(name, namesIn(by)).map((column, n) => ({
    name: column,
    text: sql`coalesce(${sql.identifier(of[n] ?? '')}, '')`,
  }))
}
