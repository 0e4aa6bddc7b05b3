/**
 * What is made of columns before a mapping takes it: values put together, taken apart, translated, and rows left out.
 *
 * A shaped value is a text like any other, in a column of prepared files that the source does not have; so whoever reads
 * prepared files need not know of it. Nothing here evaluates; the agent does, in prepare.
 *
 * @module
 */

/** Forms of Unicode. */
export const unicodeForms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const

/** Transforms that need no more than their name. */
export const plainTransforms = [
  'trim',
  'collapse',
  'upper',
  'lower',
  'not',
  'filetime',
  'generalizedTime',
  'guid',
  'sid',
  'rdn',
  'parentDn',
] as const
export type PlainTransform = (typeof plainTransforms)[number]

/** One step from a text to a text. An empty text stays empty, whatever the step. */
export type Transform =
  | { readonly kind: PlainTransform }
  | { readonly kind: 'unicode'; readonly form: (typeof unicodeForms)[number] }
  /** RE2: every match becomes `replacement`, in which `$1` is the first group. */
  | { readonly kind: 'replace'; readonly pattern: string; readonly replacement: string }
  /** RE2: the first group of the first match, or the match; empty where there is none. */
  | { readonly kind: 'extract'; readonly pattern: string }
  /** The nth of the parts between `by`, from 1; below 0, from the end. */
  | { readonly kind: 'take'; readonly nth: number; readonly by: string }
  /** Filled from the left to so many characters. */
  | { readonly kind: 'pad'; readonly length: number; readonly fill: string }
  /** Whether a bit of a whole number is set. */
  | { readonly kind: 'flag'; readonly bit: number }

/** What stands for what. */
export interface ValueTable {
  /** As reports name it: the file, or the property it is written under. */
  readonly name: string
  readonly entries: readonly (readonly [string, string])[]
  /** What becomes of a text that is not in it. */
  readonly otherwise: 'reject' | 'keep' | 'empty'
}

/** What an expression gives: a value of one of these kinds, or of one that only shows when it is evaluated. */
export type ExpressionKind = 'text' | 'boolean' | 'integer' | 'decimal' | 'datetime' | 'list' | 'any'

/** CEL over the texts of a row. */
export interface Expression {
  readonly text: string
  /** Columns of the row that it reads. */
  readonly columns: readonly string[]
  readonly kind: ExpressionKind
}

/** Which rows are taken: those for which it is true. */
export interface RowFilter extends Expression {
  /** Texts of its columns that it reads as empty ones. */
  readonly absent?: readonly string[] | undefined
}

export type ShapeOrigin =
  | { readonly kind: 'column' }
  /** The columns that are not empty, with a text between them. */
  | { readonly kind: 'join'; readonly between: string }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'expression'; readonly expression: string }

/** How a value is made: of its origin, by the transforms in their order, then the table, then the default. */
export interface Shape {
  /** Columns of the source that it is made of. */
  readonly columns: readonly string[]
  readonly origin: ShapeOrigin
  /** What stands between several values; each of them is a row. */
  readonly split?: string | undefined
  readonly transforms: readonly Transform[]
  readonly table?: ValueTable | undefined
  /** In place of an empty value. */
  readonly fallback?: string | undefined
}

/** The name of the column that prepared files have for a shaped value; `of`: a property, or an end. */
export function shapedColumn(of: string, { columns }: Pick<Shape, 'columns'>): string {
  return columns.length === 0 ? `${of} as configured` : `${of} from ${columns.join(' + ')}`
}
