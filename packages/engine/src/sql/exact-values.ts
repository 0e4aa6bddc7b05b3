/**
 * What the values in a history do not tell, kept beside them: of a reference they show what people call its target, of a file its size.
 *
 * A run is taken back by it (`../revert`). Numbers, dates and texts are exact in a history as they are.
 *
 * @module
 */
import type { ChangeCounts, Property } from '@sluice/model'
import { anyOf, columnOf, columnOfRow, columnsOf, commas, type SQL, sql } from '@sluice/repository'
import { differsIn } from './display-values.ts'

/** The properties of which a history keeps more than what it shows. */
function inexactProperties(properties: readonly Property[]): readonly Property[] {
  return properties.filter(({ type }) => type === 'reference' || type === 'file')
}

/**
 * SQL (jsonb) of a change row `c` against the stored row `stored`: `{before, after}`, each side `{property: …}`; null where there is
 * nothing of the kind. `undefined`: the properties are such that values tell all.
 */
export function exactValuesOfChange(
  properties: readonly Property[],
  stored: SQL,
  { inserted, updated, deleted }: ChangeCounts,
  difference: typeof differsIn = differsIn,
): SQL | undefined {
  const inexact = inexactProperties(properties)
  if (inexact.length === 0) return undefined
  const references = inexact.filter(({ type }) => type === 'reference')
  const rows = { before: stored, after: sql`c` }
  const cases = [
    ...(updated === 0
      ? []
      : [
          whenAny(
            'update',
            inexact.map((property) => difference(property, rows)),
            changedSides(inexact, references, { ...rows, difference }),
          ),
        ]),
    ...(deleted === 0
      ? []
      : [
          whenAny(
            'delete',
            given(inexact, stored),
            sql`jsonb_build_object('before', ${allExact(inexact, stored)})`,
          ),
        ]),
    ...(inserted === 0 || references.length === 0
      ? []
      : [
          whenAny(
            'insert',
            given(references, rows.after),
            sql`jsonb_build_object('after', ${allExact(references, rows.after)})`,
          ),
        ]),
  ]
  if (cases.length === 0) return undefined
  return sql`case c._operation ${sql.join(cases, ' ')} end`
}

interface Sides {
  readonly before: SQL
  readonly after: SQL
}

/** Nothing is built for a row of which no such value changes: most do not. */
function whenAny(operation: string, conditions: readonly SQL[], value: SQL): SQL {
  return sql`when ${sql.literal(operation)} then case when ${anyOf(conditions)} then jsonb_strip_nulls(${value}) end`
}

function given(properties: readonly Property[], row: SQL): readonly SQL[] {
  return properties.map((property) => sql`${columnOfRow(row, columnOf(property))} is not null`)
}

function changedSides(
  properties: readonly Property[],
  references: readonly Property[],
  { difference, ...rows }: Sides & { readonly difference: typeof differsIn },
): SQL {
  const side = (of: readonly Property[], row: SQL) =>
    objectOf(
      of,
      (property) => sql`case when ${difference(property, rows)} then ${exactValue(property, row)} end`,
    )
  const after = references.length === 0 ? sql.blank : sql`, 'after', ${side(references, rows.after)}`
  return sql`jsonb_build_object('before', ${side(properties, rows.before)}${after})`
}

function allExact(properties: readonly Property[], row: SQL): SQL {
  return objectOf(properties, (property) => exactValue(property, row))
}

/** PostgreSQL's functions take a hundred arguments. */
const mostPairs = 50

function objectOf(properties: readonly Property[], read: (property: Property) => SQL): SQL {
  const objects: SQL[] = []
  for (let start = 0; start < properties.length; start += mostPairs) {
    const pairs = properties
      .slice(start, start + mostPairs)
      .map((property) => sql`${sql.literal(property.name)}, ${read(property)}`)
    objects.push(sql`jsonb_build_object(${commas(pairs)})`)
  }
  return sql`(${sql.join(objects, ' || ')})`
}

/** SQL (jsonb) of one value in `row`; null where there is none. */
function exactValue(property: Property, row: SQL): SQL {
  const [content, name, type] = columnsOf(property).map((column) => columnOfRow(row, column.name))
  if (content === undefined) return sql`null::jsonb`
  if (name === undefined || type === undefined) return sql`to_jsonb(${content})`
  return sql`case when ${content} is not null then jsonb_build_object('sha256', encode(sha256(${content}), 'hex'), 'name', ${name}, 'type', ${type}) end`
}
