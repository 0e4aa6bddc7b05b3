/**
 * Whether a text is a filter (RFC 4515).
 *
 * The codec takes many a text for a filter that is none, and then finds nothing: a missing parenthesis would look like an empty
 * directory.
 *
 * @module
 */

export function isFilter(text: string): boolean {
  return endOfFilter(text, 0) === text.length
}

/** Behind the filter that begins here; -1: there is none. */
function endOfFilter(text: string, start: number): number {
  if (text[start] !== '(') return -1
  const sign = text[start + 1]
  const end =
    sign === '&' || sign === '|' || sign === '!'
      ? endOfParts(text, start + 2, sign)
      : endOfItem(text, start + 1)
  return end !== -1 && text[end] === ')' ? end + 1 : -1
}

/** Of `&` and `|` any number of filters, of `!` one. */
function endOfParts(text: string, start: number, sign: '&' | '|' | '!'): number {
  let end = start
  let parts = 0
  while (text[end] === '(') {
    end = endOfFilter(text, end)
    if (end === -1) return -1
    parts++
  }
  return parts === 1 || (parts > 1 && sign !== '!') ? end : -1
}

/** `attribute=value`, also with `~=`, `>=`, `<=` and `:rule:=`; parentheses and backslashes of the value are escaped. */
const item = /[A-Za-z0-9][\w.;-]*(?::[\w.:-]*:|[~<>])?=(?:[^()\\]|\\[0-9A-Fa-f]{2})*/y

function endOfItem(text: string, start: number): number {
  item.lastIndex = start
  return item.test(text) ? item.lastIndex : -1
}
