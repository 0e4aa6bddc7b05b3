/**
 * A set of links in one column of a row, as iTop writes it: `contact->email:x@example.org;role:owner|contact:17`.
 *
 * @module
 */

/** How a mapping writes the links of its resources into a column of an open table. */
export interface LinkSetMapping {
  /** Of the column; the set is locked under this name, too. */
  readonly name: string
  readonly association: string
  /** The end at which the resources of the mapping stand. */
  readonly end: 'from' | 'to'
  /** What names the resource at the other end: alone its id, as `as->property` by what it is called. */
  readonly as: string
  readonly separators: LinkSetSeparators
}

export interface LinkSetSeparators {
  /** Between two links. */
  readonly entry: string
  /** Between two parts of a link. */
  readonly part: string
  /** Between the name and the value of a part. */
  readonly value: string
  /** Around a part that holds separators; doubled inside. */
  readonly quote: string
}

export const usualSeparators: LinkSetSeparators = { entry: '|', part: ';', value: ':', quote: "'" }

export interface LinkSetEntry {
  /** As it is written. */
  readonly text: string
  /** The id of the target. */
  readonly id: string | undefined
  /** Properties of the target that have to have these values, in the order of their names. */
  readonly by: readonly (readonly [property: string, value: string])[]
  /** Properties of the link. */
  readonly properties: readonly (readonly [property: string, value: string])[]
}

export type ParsedLinkSet =
  | { readonly entries: readonly LinkSetEntry[] }
  /** What cannot be read, in its words. */
  | { readonly fault: string }

/** Names are not looked at: who knows the model says whether they are any. */
export function parseLinkSet(text: string, { as, separators }: LinkSetMapping): ParsedLinkSet {
  if (text === '') return { entries: [] }
  const split = splitParts(text, separators)
  if (split === undefined) return { fault: `a quote does not close in "${text}"` }
  const entries: LinkSetEntry[] = []
  for (const { parts, text: entry } of split) {
    const read = readEntry(parts, entry, as, separators)
    if (typeof read === 'string') return { fault: read }
    entries.push(read)
  }
  return { entries }
}

interface SplitEntry {
  readonly text: string
  readonly parts: readonly string[]
}

/** `undefined`: a quote does not close. */
function splitParts(
  text: string,
  { entry, part, quote }: LinkSetSeparators,
): readonly SplitEntry[] | undefined {
  const entries: SplitEntry[] = []
  let parts: string[] = []
  let current = ''
  let start = 0
  let at = 0
  while (at < text.length) {
    if (text.startsWith(quote, at) && current === '') {
      const end = closingQuote(text, at + quote.length, quote)
      if (end === undefined) return undefined
      current = text.slice(at + quote.length, end).replaceAll(quote + quote, quote)
      at = end + quote.length
      continue
    }
    if (text.startsWith(entry, at)) {
      entries.push({ text: text.slice(start, at), parts: [...parts, current] })
      parts = []
      current = ''
      at += entry.length
      start = at
      continue
    }
    if (text.startsWith(part, at)) {
      parts.push(current)
      current = ''
      at += part.length
      continue
    }
    current += text.charAt(at)
    at += 1
  }
  entries.push({ text: text.slice(start), parts: [...parts, current] })
  return entries
}

function closingQuote(text: string, from: number, quote: string): number | undefined {
  let at = from
  while (at < text.length) {
    if (!text.startsWith(quote, at)) at += 1
    else if (text.startsWith(quote, at + quote.length)) at += 2 * quote.length
    else return at
  }
  return undefined
}

function readEntry(
  parts: readonly string[],
  text: string,
  as: string,
  { value: separator }: LinkSetSeparators,
): LinkSetEntry | string {
  let id: string | undefined
  const by = new Map<string, string>()
  const properties = new Map<string, string>()
  for (const part of parts) {
    const at = part.indexOf(separator)
    if (at < 0) return `"${part}" has no "${separator}" in "${text}"`
    const name = part.slice(0, at).trim()
    const value = part.slice(at + separator.length)
    if (name === as) id = value
    else if (name.startsWith(`${as}->`)) by.set(name.slice(as.length + 2), value)
    else properties.set(name, value)
  }
  if (id === undefined && by.size === 0) return `"${text}" does not say which ${as} it means`
  return {
    text,
    id,
    by: [...by].sort(([one], [other]) => (one < other ? -1 : 1)),
    properties: [...properties],
  }
}
