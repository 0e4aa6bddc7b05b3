/**
 * One change of the tables on the way from one model to the next.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import { type SQL, type Statement, sql, type Table } from '../sql/statement.ts'

export interface Step {
  /** What happens, as a line for people: `adds property Person.mail`. */
  readonly change: string
  /** In the order in which they run. */
  readonly statements: readonly Statement[]
  /** Not worth telling: it follows from the others. */
  readonly quiet?: true | undefined
  /** Set where stored data might be lost. */
  readonly loss?: Loss | undefined
}

export interface Loss {
  /** How much goes; 0 makes the step harmless. */
  readonly count: Statement<Lost>
  /** What goes, with its number: `the 312 values of Person.mail`. */
  readonly what: (count: string) => string
}

export interface Lost {
  readonly lost: string
}

/** The model the tables follow now, and the one they shall follow. */
export interface Transition {
  readonly before: StoredModel
  readonly after: StoredModel
  /** Numbers of the sources of both, by name. */
  readonly sourceIds: ReadonlyMap<string, number>
}

/** `1 value`, `2 values`, with thousands separated. */
export function counted(count: string, one: string, many = `${one}s`): string {
  return `${Number(count).toLocaleString('en')} ${count === '1' ? one : many}`
}

/** `create table`, a line for each column. */
export function createTable(table: Table, definitions: readonly SQL[], storage?: SQL): SQL {
  const behind = storage === undefined ? sql.blank : sql` ${storage}`
  return sql`create table ${table} (\n  ${sql.join(definitions, ',\n  ')}\n)${behind}`
}
