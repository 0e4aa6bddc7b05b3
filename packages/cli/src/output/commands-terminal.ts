/**
 * Whether a text commands a terminal in a way that is not ours: loaded at every start, and so by itself.
 *
 * @module
 */

/** Lines, tabs, and what we write ourselves: colours, and the line of progress that is written over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const ours = /(\n|\t|\r\u001b\[K|\u001b\[(?:0|1|2|3|4|7|22|23|24|27|39|49|3[0-7]|4[0-7]|9[0-7])m)/

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const commanding = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

export function commandsTerminal(text: string): boolean {
  return (
    commanding.test(text) && text.split(ours).some((part, index) => index % 2 === 0 && commanding.test(part))
  )
}
