/**
 * Which words are keywords where they stand.
 *
 * TPL reserves some seventy words, and real files use many of them as names (`host.type`, `tags`, `group`). Whether a
 * word is meant as a keyword shows in its neighbours, so that it is decided here, before the parser, which then needs one
 * token to decide and reports a mistake at the very token that cannot stand there.
 *
 * @module
 */
import type { Token } from './token.ts'

interface Neighbours {
  readonly previous: string
  readonly beforePrevious: string
  readonly next: string
}

/** Whether the keyword at this place, between these neighbours, is meant as one. Words that are not listed always are. */
export function isMeantAsKeyword(word: string, at: Neighbours): boolean {
  if (at.previous === '.' || at.next === ':=') return false
  return meanings[word]?.(at) ?? true
}

const isWord = (text: string) => /^\$?[a-zA-Z_]/.test(text) && !operators.has(text)
const isOperand = (text: string) => /[\w)\]"']$/.test(text) && !beforeOperand.has(text)
const accesses = new Set(['.', ':=', '[', ',', '(', ')', ';'])

/** Words that stand after an operand, which a name never does. */
const operators = new Set(['and', 'or', 'in', 'is', 'has', 'matches', 'exists', 'not', 'do', 'then', 'as'])

/** Words that an operand follows, so that what comes after them is no operator. */
const beforeOperand = new Set(['and', 'or', 'not', 'in', 'if', 'elif', 'then', 'do', 'else', 'where', 'with'])

const declares = ({ previous, next }: Neighbours) => previous === 'end' || isWord(next)
const lists = ({ previous, next }: Neighbours) =>
  (previous === 'overview' || previous === ';') && isWord(next)
const follows = ({ previous }: Neighbours) => isOperand(previous)
const jumps = ({ previous, next }: Neighbours) =>
  next === ';' && (/^[;'"]$/.test(previous) || ['do', 'then', 'else', 'body'].includes(previous))

const meanings: Readonly<Record<string, (at: Neighbours) => boolean>> = {
  tpl: ({ previous }) => previous === '',
  module: ({ previous }) => previous === 'tpl' || /^\d/.test(previous),
  metadata: declares,
  from: declares,
  table: declares,
  configuration: declares,
  constants: declares,
  overview: ({ previous, next }) => previous === 'end' || (/["'\d]$/.test(previous) && !accesses.has(next)),
  tags: lists,
  overrides: lists,
  datamodel: ({ previous, next }) => previous === 'end' || /^\d/.test(next),
  mapping: ({ previous, next }) => previous === 'end' || next === 'on' || next === 'from',
  on: ({ previous }) => previous === 'mapping',
  // At the end of a text somebody goes on writing.
  traverse: ({ previous, next }) => previous === 'end' || next === ':' || next === '' || isWord(next),
  group: ({ previous, next }) => previous === 'end' || previous === 'expand' || isWord(next),
  expand: ({ previous, next }) => previous === 'end' || next === 'group',
  with: ({ beforePrevious }) => beforePrevious === 'group',
  body: ({ previous, next }) => previous === 'end' || (previous === ';' && !accesses.has(next)),
  each: ({ previous, next }) => previous === 'for' && isWord(next),
  break: jumps,
  continue: jumps,
  stop: jumps,
  default: ({ next }) => next === '->',
  is: follows,
  defined: ({ previous }) => previous === 'is',
  has: follows,
  subword: ({ previous }) => previous === 'has',
  substring: ({ previous }) => previous === 'has',
  matches: follows,
  exists: follows,
}

/** The words between which a token stands. */
export function neighboursOf(tokens: readonly Token[], index: number): Neighbours {
  return {
    previous: tokens[index - 1]?.image ?? '',
    beforePrevious: tokens[index - 2]?.image ?? '',
    next: tokens[index + 1]?.image ?? '',
  }
}
