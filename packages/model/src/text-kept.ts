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

/** Controls, blanks other than the usual one, and what has no width or turns the direction of a text. */
const invisible = new RegExp(
  [
    '[\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180e]',
    '[\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0]',
  ].join('|'),
  'g',
)

/** The text with what cannot be seen of it as its code, such as `\u00a0`: where two texts look alike and are not. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * One line that commands no terminal and pretends to be no other line: controls, escape sequences, line breaks and marks that turn the
 * direction of a text are shown as what they are. Whatever others have written passes through here before people see it.
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
