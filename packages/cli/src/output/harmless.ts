/**
 * Text for a terminal, whatever is in it: the last that looks before it is shown.
 *
 * Who writes a value makes it printable, so that it is one line. What nobody thought of is caught here, where lines and our own colours have to
 * pass.
 *
 * @module
 */
import { printable } from '@sluice/model'
import { ours } from './commands-terminal.ts'

export function harmless(text: string): string {
  return text
    .split(ours)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('')
}
