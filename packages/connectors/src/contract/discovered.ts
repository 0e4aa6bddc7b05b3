/**
 * What a connector finds in a managed system: enough to suggest a mapping that people go on with.
 *
 * @module
 */

export interface Discovered {
  readonly tables: readonly DiscoveredTable[]
  /** Whole sentences: what was left out, and what cannot be found out. */
  readonly notes: readonly string[]
}

/** What becomes one file. */
export interface DiscoveredTable {
  readonly file: string
  /** What people call it there: an object class, a table. The suggested entity type or association is named after it. */
  readonly name: string
  /** `links`: two columns that each name a row of another table. */
  readonly kind: 'entities' | 'links'
  /** Its entry below `tables` of the options. */
  readonly options: Readonly<Record<string, unknown>>
  readonly columns: readonly DiscoveredColumn[]
  /** `format` of its mapping, of a file that is passed on as it is. */
  readonly format?: Readonly<Record<string, unknown>> | undefined
  /** As far as the system tells without being read. */
  readonly rows?: number | undefined
}

export interface DiscoveredColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime'
  /** What its property is called, where that is not the name of the column. */
  readonly property?: string | undefined
  /** What makes a value of this type of its texts: `transforms` of the mapping. */
  readonly transforms?: readonly (string | Readonly<Record<string, unknown>>)[] | undefined
  /** It identifies a row: unique, and never changing. */
  readonly key?: true | undefined
  /** Its values are values of this column. */
  readonly references?: { readonly file: string; readonly column: string } | undefined
  /** Most rows have none, or it is of the system's own: written as a comment. */
  readonly minor?: true | undefined
}
