/**
 * What differs between two definitions of a source, as people read it.
 *
 * @module
 */

/**
 * A line for each key: `entities.Person.delete: "ignore" → "delete"`. Of a text of several lines, such as that of a module, those lines that
 * are otherwise.
 */
export function differencesOf(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly string[] {
  const [was, is] = [byFile(before), byFile(after)]
  if (isMap(was) && isMap(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    return keys.flatMap((key) => differencesOf(was[key], is[key], [...path, key]))
  }
  if (isLong(before) && isLong(after)) return linesBetween(before, after, path.join('.'))
  const [wasText, isText] = [written(before), written(after)]
  return wasText === isText ? [] : [`${path.join('.')}: ${wasText} → ${isText}`]
}

/** Modules are known by what they are called, and not by their place in a list. */
function byFile(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isModule)) return value
  return Object.fromEntries(value.map(({ file, text }) => [file, text]))
}

function isModule(value: unknown): value is { readonly file: string; readonly text: string } {
  return isMap(value) && typeof value['file'] === 'string' && typeof value['text'] === 'string'
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n')
}

function written(value: unknown): string {
  if (isLong(value)) return `${value.split('\n').length} lines`
  return JSON.stringify(value) ?? 'not given'
}

/** More than these are counted. */
const mostLines = 5

/** Where lines came or went, all below them have moved: then it is said how many there are. */
function linesBetween(before: string, after: string, name: string): readonly string[] {
  if (before === after) return []
  const [was, is] = [before.split('\n'), after.split('\n')]
  const differing = is.flatMap((line, index) => (line === was[index] ? [] : [index]))
  if (was.length !== is.length || differing.length > mostLines)
    return [`${name}: ${was.length} lines → ${is.length} lines`]
  return differing.map((index) => {
    return `${name}, line ${index + 1}: ${JSON.stringify(was[index]?.trim())} → ${JSON.stringify(is[index]?.trim())}`
  })
}
