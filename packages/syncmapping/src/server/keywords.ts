/**
 * Which keywords can stand where.
 *
 * @module
 */
import type { Block } from './cursor.ts'

export const statementWords: readonly string[] = [
  ...['if', 'elif', 'else', 'for', 'for each', 'group', 'datamodel', 'break', 'continue', 'stop'],
]

export const expressionWords: readonly string[] = [
  ...['and', 'or', 'not', 'in', 'matches', 'exists', 'is defined', 'has subword', 'has substring'],
  ...['true', 'false', 'none', 'void', 'then', 'do', 'with'],
]

/** What can be ended here. */
export function endsOf(blocks: readonly Block[]): readonly string[] {
  const innermost = blocks.at(-1)
  return innermost === undefined ? [] : [innermost.word]
}

/** What can begin in the innermost block, outside of a body. */
export function blockWords(blocks: readonly Block[]): readonly string[] {
  const ends = endsOf(blocks).map((word) => `end ${word};`)
  return [...(entries[blocks.at(-1)?.word ?? ''] ?? []), ...ends]
}

const items = ['traverse', 'group', 'where', 'as']

const entries: Readonly<Record<string, readonly string[]>> = {
  '': ['tpl', 'from', 'import', 'metadata', 'table', 'configuration', 'syncmapping'],
  syncmapping: ['overview', 'constants', 'mapping', 'body'],
  overview: ['tags', 'datamodel', 'overrides'],
  table: ['default'],
  mapping: ['on', 'from', ...items],
  traverse: items,
  group: [...items, 'expand group as'],
  expand: items,
}
