/**
 * Regular expressions: mappings are written in Python's dialect, which differs from JavaScript's in a few places.
 *
 * @module
 */

/** @throws SyntaxError when it cannot be read. */
export function regularExpression(source: string, flags = ''): RegExp {
  const key = `${flags}/${source}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const [, inline = ''] = /^\(\?([aiLmsux]+)\)/.exec(source) ?? []
  const rest = inline === '' ? source : source.slice(inline.length + 3)
  const own = [...new Set(`${inline.replace(/[^ims]/g, '')}${flags}`)].join('')
  const expression = new RegExp(translated(inline.includes('x') ? withoutBlanks(rest) : rest), own)
  if (compiled.size > 1000) compiled.clear()
  compiled.set(key, expression)
  return expression
}

const compiled = new Map<string, RegExp>()

/** `(?P<n>…)`, `(?P=n)`, `\A`, `\Z`; escapes and sets stay as they are. */
function translated(source: string): string {
  return source.replace(
    /\\A|\\Z|\\[\s\S]|\(\?P<|\(\?P=(\w+)\)|\(\?#[^)]*\)|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g,
    (part, name: string | undefined) => {
      if (part === '\\A') return '(?<![\\s\\S])'
      if (part === '\\Z') return '(?![\\s\\S])'
      if (part === '(?P<') return '(?<'
      if (name !== undefined) return `\\k<${name}>`
      if (part.startsWith('(?#')) return ''
      return part.startsWith('[') ? translatedSet(part) : part
    },
  )
}

/** A `]` that stands first in a set is a character; in JavaScript it ends the set. */
function translatedSet(set: string): string {
  return set.replace(/^(\[\^?)\]/, '$1\\]')
}

function withoutBlanks(source: string): string {
  return source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) =>
    /^[\s#]/.test(part) ? '' : part,
  )
}

/** `\1`, `\g<1>` and `\g<name>` in a substitution, from a match. */
export function substituted(template: string, match: RegExpMatchArray): string {
  return template.replace(
    /\\g<(\w+)>|\\(\d{1,2})|\\([\s\S])/g,
    (all, name: string | undefined, number: string | undefined, other: string | undefined) => {
      const group = name ?? number
      if (group === undefined) return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[other ?? ''] ?? all
      return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? ''
    },
  )
}
