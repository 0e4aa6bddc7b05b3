/**
 * Texts of a manifest with something to be put in: `/groups/{groups.id}/members`, `lastUpdated gt "{since}"`.
 *
 * @module
 */

const pattern = /\{([A-Za-z_][\w-]*(?:\.[^{}\s]+)?)\}/g

export type LookUp = (name: string) => string | undefined

/** The text with everything put in; `undefined` where something has no value. */
export function filled(text: string, lookUp: LookUp, encode = (value: string) => value): string | undefined {
  let whole = true
  const put = text.replaceAll(pattern, (_, name: string) => {
    const value = lookUp(name)
    if (value === undefined) whole = false
    return encode(value ?? '')
  })
  return whole ? put : undefined
}

/** The text with what has a value put in. */
export function filledAsFar(text: string, lookUp: LookUp): string {
  return text.replaceAll(pattern, (whole, name: string) => lookUp(name) ?? whole)
}

/** Names that stand in a text. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}

/** A value as JSON has it, with everything put into its texts. */
export function filledJson(value: unknown, lookUp: LookUp): unknown {
  if (typeof value === 'string') return filledAsFar(value, lookUp)
  if (Array.isArray(value)) return value.map((item) => filledJson(item, lookUp))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filledJson(part, lookUp)]))
}

interface Texts {
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly headers?: Readonly<Record<string, unknown>> | undefined
  readonly changes?: { readonly by: string; readonly query?: Readonly<Record<string, unknown>> } | undefined
}

interface Misplaced {
  readonly path: readonly string[]
  readonly text: string
}

/** Placeholders that nothing can be put into. `above`: the tables whose records are known. */
export function wrongPlaceholders(
  { path, query = {}, headers = {}, changes }: Texts,
  above: readonly string[],
): readonly Misplaced[] {
  const known = (name: string) => name === 'columns' || above.some((table) => name.startsWith(`${table}.`))
  const wrongIn = (at: readonly string[], text: unknown, also: readonly string[] = []) =>
    placeholdersIn(String(text))
      .filter((name) => !known(name) && !also.includes(name))
      .map((name) => ({ path: at, text: name }))
  const inMap = (
    at: readonly string[],
    map: Readonly<Record<string, unknown>>,
    also: readonly string[] = [],
  ) => Object.entries(map).flatMap(([name, text]) => wrongIn([...at, name], text, also))
  return [
    ...wrongIn(['path'], path),
    ...inMap(['query'], query),
    ...inMap(['headers'], headers),
    ...inMap(['changes', 'query'], changes?.query ?? {}, ['since']),
  ]
}
