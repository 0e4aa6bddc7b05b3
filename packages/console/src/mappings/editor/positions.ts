/**
 * Places in a text: as the language counts them, and as the editor does.
 *
 * @module
 */
import type { Text } from '@codemirror/state'
import type { LanguagePosition, LanguageRange } from '../language/language.ts'

export function positionAt(text: Text, offset: number): LanguagePosition {
  const line = text.lineAt(offset)
  return { line: line.number - 1, character: offset - line.from }
}

/** Within the text, whatever it was when the place was found. */
export function offsetAt(text: Text, { line, character }: LanguagePosition): number {
  const { from, to } = text.line(Math.min(line + 1, text.lines))
  return Math.min(from + character, to)
}

/** At least one character, where there is one: nothing can be seen of less. */
export function rangeIn(
  text: Text,
  { start, end }: LanguageRange,
): { readonly from: number; readonly to: number } {
  const from = offsetAt(text, start)
  return { from, to: Math.max(offsetAt(text, end), Math.min(from + 1, text.length)) }
}
