/**
 * Several values that name a resource together, as one text: what references that are looked up by several properties are compared by.
 *
 * `Paris | 12`, with what would be mistaken for a separator escaped: equal texts are equal values.
 *
 * @module
 */
import { type EntityType, namesIn } from '@sluice/model'
import { columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql, writtenOut } from '../sql/statement.ts'
import { columnOf } from './layout.ts'
import { lookedUpAs } from './looked-up.ts'

/** SQL expression (text) of the texts together; null where one of them is. PostgreSQL may keep it, and index it. */
export function composed(texts: readonly SQL[]): SQL {
  return sql`(${sql.join(texts.map(escaped), ` || ' | ' || `)})`
}

/** The same of a row that a source gives: null where all are, for then it names nothing; one that is missing is empty. */
export function composedOfRow(texts: readonly SQL[]): SQL {
  const none = texts.map((text) => sql`${text} is null`)
  return sql`(case when not (${sql.join(none, ' and ')}) then ${composed(texts.map((text) => sql`coalesce(${text}, '')`))} end)`
}

/** The same of asserted texts: null where one says nothing, empty where all are. */
export function composedAsserted(texts: readonly SQL[]): SQL {
  const empty = texts.map((text) => sql`${text} = ''`)
  return sql`(case when ${sql.join(empty, ' and ')} then '' else ${composed(texts)} end)`
}

/** The text number `n`, from 0, of those that are together in one. */
export function partOfComposed(text: SQL, n: number): SQL {
  return sql`regexp_replace(split_part(${text}, ' | ', ${sql.literal(n + 1)}), ${writtenOut('\\\\(.)')}, ${writtenOut('\\1')}, 'g')`
}

function escaped(text: SQL): SQL {
  const [mark, bar] = ['\\', '|'].map(writtenOut)
  const [markAsText, barAsText] = ['\\\\', '\\|'].map(writtenOut)
  return sql`replace(replace(${text}, ${mark ?? sql.null}, ${markAsText ?? sql.null}), ${bar ?? sql.null}, ${barAsText ?? sql.null})`
}

/** SQL expression (text) of what a resource in the row `alias` answers to: the value of a property, or several together. */
export function nameBy(type: Pick<EntityType, 'name' | 'properties'>, by: string, alias: SQL): SQL {
  const values = namesIn(by).map((name) => {
    const property = type.properties.find((one) => one.name === name)
    if (property === undefined) throw new Error(`${type.name} has no property ${name}.`)
    return lookedUpAs(property, columnOfRow(alias, columnOf(property)))
  })
  const [only, ...others] = values
  return only !== undefined && others.length === 0 ? only : composed(values)
}
