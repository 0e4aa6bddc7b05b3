/**
 * Regular expressions as mappings are written in, Python's, in the dialect of the engine that runs them, RE2's.
 *
 * @module
 */

/** What no engine finds in a time that is bounded by the length of the text. */
const unbounded: ReadonlyMap<RegExp, string> = new Map([
  [/^\(\?[=!]/, 'a look-ahead'],
  [/^(?:\\[1-9]|\(\?P=)/, 'a back-reference'],
  [/^\(\?\(/, 'a condition'],
  [/^\(\?>/, 'an atomic group'],
  [/^[*+?}]\+/, 'a possessive quantifier'],
])

/** An escape, a set, the beginning of a group that is not a plain one, a comment, a quantifier. */
const piece =
  /\\u[\da-fA-F]{4}|\\U[\da-fA-F]{8}|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?#[^)]*\)|\(\?[aiLmsux]+[:)]|\(\?(?:P=|[=!>(])|\{,\d+\}|[*+?}]\+/g

/** What of a pattern cannot be served, in words; `undefined`: all of it can. */
export function unservedIn(pattern: string): string | undefined {
  for (const [found] of pattern.matchAll(piece)) {
    for (const [kind, words] of unbounded) if (kind.test(found)) return words
  }
  return undefined
}

export function inRe2(pattern: string): string {
  const [, flags = ''] = /^\(\?([aiLmsux]+)\)/.exec(pattern) ?? []
  return (flags.includes('x') ? withoutBlanks(pattern) : pattern).replace(piece, translated)
}

function translated(found: string): string {
  if (found.startsWith('[')) return found.replace(/\\(?:u[\da-fA-F]{4}|[\s\S])/g, inSet)
  if (found.startsWith('\\')) return escaped(found)
  if (found.startsWith('(?#')) return ''
  if (found.startsWith('{,')) return `{0${found.slice(1)}`
  const [, flags, end] = /^\(\?([aiLmsux]+)([:)])$/.exec(found) ?? []
  return flags === undefined ? found : withFlags(flags.replace(/[^ims]/g, ''), end === ':')
}

/** Flags that say how letters are meant say nothing here. */
function withFlags(flags: string, isGroup: boolean): string {
  if (isGroup) return `(?${flags}:`
  return flags === '' ? '' : `(?${flags})`
}

/** `\Z` is the end of the text; white space has the vertical tab; what is no letter and no digit stands for itself. */
function escaped(found: string): string {
  if (found === '\\Z') return '\\z'
  if (found === '\\s') return '[\\s\\v]'
  if (found === '\\S') return '[^\\s\\v]'
  if (/^\\[uU]./.test(found)) return `\\x{${found.slice(2)}}`
  return /^\\[^\0-\x7f]/.test(found) ? found.slice(1) : found
}

function inSet(found: string): string {
  if (found === '\\b') return '\\x08'
  if (found === '\\s') return '\\s\\v'
  return found === '\\S' ? found : escaped(found)
}

/** Of a pattern that is written with blanks and comments. */
function withoutBlanks(pattern: string): string {
  return pattern.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) =>
    /^[\s#]/.test(part) ? '' : part,
  )
}
