/**
 * One change of the tables on the way from one model to the next.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'

export interface Step {
  /** What happens, as a line for people: `adds property Person.mail`. */
  readonly change: string
  readonly sql: readonly string[]
  /** Not worth telling: it follows from the others. */
  readonly quiet?: true | undefined
  /** Set where stored data might be lost. */
  readonly loss?: Loss | undefined
}

export interface Loss {
  /** Query with one column `lost`: how much goes; 0 makes the step harmless. */
  readonly count: string
  /** What goes, with its number: `the 312 values of Person.mail`. */
  readonly what: (count: string) => string
}

/** The model the tables follow now, and the one they shall follow. */
export interface Transition {
  readonly before: StoredModel
  readonly after: StoredModel
}

/** `1 value`, `2 values`, with thousands separated. */
export function counted(count: string, one: string, many = `${one}s`): string {
  return `${Number(count).toLocaleString('en')} ${count === '1' ? one : many}`
}
