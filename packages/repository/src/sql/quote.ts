/**
 * Names and texts in quotes, as strings: for what is no statement of the tag, such as the settings of a connection and the
 * names of locks.
 *
 * @module
 */

/** Quotes an identifier for SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text literal for SQL; only where a parameter cannot stand. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
