/**
 * Text for a terminal, whatever is in it: the last that looks before it is shown.
 *
 * Who writes a value makes it printable, so that it is one line. What nobody thought of is caught here, where lines and our own colours have to
 * pass.
 *
 * @module
 */
import { printable } from '@sluice/model'

/** Lines, tabs, and what we write ourselves: colours, and the line of progress that is written over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ours = /(\n|\t|\r\u001b\[K|\u001b\[(?:0|1|2|3|4|7|22|23|24|27|39|49|3[0-7]|4[0-7]|9[0-7])m)/

export function harmless(text: string): string {
  return text
    .split(ours)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('')
}
