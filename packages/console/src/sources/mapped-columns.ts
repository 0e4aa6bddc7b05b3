/**
 * Which columns of which files the mappings of a source name, and for what.
 *
 * @module
 */
type Values = Readonly<Record<string, unknown>>

/** By file and column: `Person.name`, `Membership.from`. @param effective The definition as the server gives it. */
export function mappedColumns(
  effective: Values,
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Map<string, string[]>>()
  const note = (file: unknown, column: unknown, what: string) => {
    if (typeof file !== 'string' || typeof column !== 'string') return
    const columns = found.get(file) ?? new Map<string, string[]>()
    found.set(file, columns)
    columns.set(column, [...(columns.get(column) ?? []), what])
  }
  const mappings = [
    ...Object.entries(valuesIn(effective['entities'])),
    ...Object.entries(valuesIn(effective['associations'])),
  ]
  for (const [name, mapping] of mappings) {
    const { file, from, to, properties } = valuesIn(mapping)
    note(file, columnOf(from), `${name}.from`)
    note(file, columnOf(to), `${name}.to`)
    for (const [property, one] of Object.entries(valuesIn(properties)))
      note(file, columnOf(one), `${name}.${property}`)
  }
  return found
}

/** Written as a text, or with more about it. */
function columnOf(part: unknown): unknown {
  return typeof part === 'string' ? part : valuesIn(part)['column']
}

function valuesIn(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
