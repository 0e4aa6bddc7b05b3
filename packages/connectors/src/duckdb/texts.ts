/**
 * Expressions that write values of DuckDB as source files have them.
 *
 * @module
 */

/** @param type As DuckDB calls it: `TIMESTAMP WITH TIME ZONE`, `DECIMAL(30,10)`, `VARCHAR[]`. */
export function textExpression(column: string, type: string, separator: string): string {
  if (type.endsWith('[]')) return `array_to_string(${column}, ${separator})`
  if (type === 'BLOB') return `lower(hex(${column}))`
  if (/^TIMESTAMP(?:_\w+)?$/.test(type)) return `replace(${column}::varchar, ' ', 'T')`
  // The session's zone is UTC.
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return `regexp_replace(replace(${column}::varchar, ' ', 'T'), '\\+00$', 'Z')`
  return `${column}::varchar`
}
