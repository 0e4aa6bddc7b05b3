/**
 * Statements: SQL composed by one typed tag, each under a name that leads it as a comment.
 *
 *     const oldest = (of: Table) => statement<{ age: string }>('example/oldest', sql`select max(age) as age from ${of}`)
 *     const { rows } = await run(session, oldest(new Table('person')))
 *
 * The name is what a person sees in `pg_stat_activity`, in the log of the server and in the file of `--sql`. A text can
 * become SQL in four ways only: as an identifier, a table, a literal or value, or a fragment made by the tag.
 *
 * @module
 */
import { $$toSQL, type SQL, type SQLable, sql } from 'pg-sql2'
import { literal } from './quote.ts'

export { type SQL, sql }

/** A table, view or index by its name; stands in a fragment as the quoted identifier. */
export class Table implements SQLable {
  /** Unquoted. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  [$$toSQL](): SQL {
    return sql.identifier(this.name)
  }
}

/**
 * A text that is always written out. `sql.literal` binds what holds more than letters, digits and the like, and a statement
 * that defines something (a check, a view) takes no values.
 */
export function writtenOut(text: string): SQL {
  const quoted = [literal(text)]
  // As the tag sees a template without fragments.
  return sql(Object.assign(quoted, { raw: quoted }))
}

export interface Statement<R extends object = object> {
  /** `stage/what-it-does`, and what it is about. */
  readonly name: string
  readonly query: SQL
  /** Never set: carries the shape of the rows. */
  readonly row?: R
}

/** `name` is written into a comment, so it holds words, `/`, `-` and `.` only. */
export function statement<R extends object = object>(name: string, query: SQL): Statement<R> {
  return { name, query }
}

/** What the database is sent. */
export function compiled({ name, query }: Pick<Statement, 'name' | 'query'>): {
  readonly text: string
  readonly values: readonly unknown[]
} {
  const { text, values } = sql.compile(query)
  // Without stars, no comment begins or ends in it.
  return { text: `/* ${name.replaceAll('*', '')} */ ${text}`, values }
}

/** What `Session.copyFrom` copies into: a table's columns, under a name. */
export function copyTarget(name: string, into: Table, columns: readonly string[]): string {
  const list = sql.join(
    columns.map((column) => sql.identifier(column)),
    ', ',
  )
  return compiled(statement(name, sql`${into} (${list})`)).text
}
