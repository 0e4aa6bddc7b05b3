/**
 * What stands in a string: its qualifier, its escapes, and the names in `%…%`.
 *
 * @module
 */

export interface RawText {
  readonly qualifier: string | undefined
  readonly parts: readonly RawPart[]
}

/** Text as it is, or a path of names with the offset of each in the literal. */
export type RawPart = string | readonly { readonly text: string; readonly offset: number }[]

/**
 * @param image The literal as it stands in the file. A qualified one keeps its backslashes and `%`.
 */
export function textParts(image: string): RawText {
  const [, qualifier, gap = '', quote = ''] = /^([a-z_]+)?(\s*)("""|'''|"|')/.exec(image) ?? []
  const start = (qualifier?.length ?? 0) + gap.length + quote.length
  const content = image.slice(start, image.endsWith(quote) ? image.length - quote.length : image.length)
  if (qualifier !== undefined) return { qualifier, parts: content === '' ? [] : [content] }
  return { qualifier, parts: interpolated(content, start) }
}

const piece = /\\([\s\S])|%%|%(\$?[a-zA-Z_]\w*(?:\.\$?[a-zA-Z_]\w*)*)%/g

/** Parts of a text that is not qualified; `start` is added to each offset. */
export function interpolated(content: string, start = 0): readonly RawPart[] {
  const parts: RawPart[] = []
  let text = ''
  let index = 0
  for (const match of content.matchAll(piece)) {
    text += content.slice(index, match.index)
    index = match.index + match[0].length
    const [all, escaped, path] = match
    if (path === undefined) text += escaped === undefined ? '%' : (escapes.get(escaped) ?? all)
    else {
      if (text !== '') parts.push(text)
      parts.push(namesOf(path, start + match.index + 1))
      text = ''
    }
  }
  text += content.slice(index)
  return text === '' ? parts : [...parts, text]
}

/** An escape that is not known keeps its backslash. */
const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
])

function namesOf(path: string, start: number) {
  let offset = start
  return path.split('.').map((name) => {
    const text = name.replace(/^\$/, '')
    const found = { text, offset: offset + name.length - text.length }
    offset += name.length + 1
    return found
  })
}
