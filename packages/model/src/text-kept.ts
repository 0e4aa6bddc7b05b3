/**
 * Texts of other systems where they are written down: whole characters, and none that a database or JSON refuses.
 *
 * @module
 */

/** As PostgreSQL can hold it: a NUL becomes its sign `␀`, half a character `U+FFFD`. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u2400')
}

/** JSON of which every text is storable; as a text, because that is what a parameter of a statement is. */
export function storableJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}

/** At most the first `length` UTF-16 units, cut between two characters. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length)
}
