/**
 * The mutants of a tagged template of SQL: each condition of a `where`, `on` or `filter` taken out, boundaries moved, what is
 * compared with nulls in mind compared without, negations dropped.
 *
 * It knows tokens, brackets and the words that end a condition, and no grammar. `${…}` is a token like any other.
 *
 * @module
 */
import type { ESTree } from 'vite'
import type { Mutant } from './mutant.ts'

interface Token {
  /** In small letters. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** How many brackets, and cases, are open around it. */
  readonly depth: number
}

/** Words, and those that are put in their place. */
const otherWords: readonly (readonly [from: string, to: string])[] = [
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['<>', '='],
  ['is distinct from', '<>'],
  ['is not distinct from', '='],
  ['is distinct from', '='],
  ['is null', 'is not null'],
  ['is not null', 'is null'],
  ['not exists', 'exists'],
  ['not in', 'in'],
  ['not (', '('],
  ['left join', 'join'],
  ['select distinct', 'select'],
  ['min', 'max'],
  ['max', 'min'],
  ['for update', ''],
  ['desc', ''],
  ['+', '-'],
]

const endsCondition: ReadonlySet<string> = new Set([
  'group',
  'order',
  'having',
  'limit',
  'union',
  'returning',
  'then',
  'when',
  'else',
  'where',
  'join',
  'left',
  'cross',
  'on',
  'from',
  'for',
  ',',
])

const beginsCondition: ReadonlySet<string> = new Set(['where', 'on', 'when'])

/** @param text The whole file. */
export function mutateSql(text: string, template: ESTree.TemplateLiteral): readonly Mutant[] {
  const tokens = tokensOf(text, template)
  return [
    ...tokens.flatMap((_, at) => otherWordsAt(tokens, at)),
    ...tokens.flatMap((token, at) => (beginsCondition.has(token.text) ? withoutCondition(tokens, at) : [])),
    ...tokens.flatMap((token, at) => (isConnective(tokens, at) ? withoutOperand(tokens, token, at) : [])),
  ]
}

function otherWordsAt(tokens: readonly Token[], at: number): readonly Mutant[] {
  return otherWords.flatMap(([from, to]) => {
    const words = from.split(' ')
    const found = tokens.slice(at, at + words.length)
    if (found.map(({ text }) => text).join(' ') !== from) return []
    const [first] = found
    const last = found.at(-1)
    return first === undefined || last === undefined
      ? []
      : [{ start: first.start, end: last.end, replacement: to }]
  })
}

/** The condition as a whole: everything passes. */
function withoutCondition(tokens: readonly Token[], at: number): readonly Mutant[] {
  const [first, last] = [tokens[at + 1], tokens[operandEnd(tokens, at, endsCondition)]]
  if (first === undefined || last === undefined || last.start < first.start) return []
  return [{ start: first.start, end: last.end, replacement: 'true' }]
}

const connectives: ReadonlySet<string> = new Set(['and', 'or'])

/** `and` or `or` between two conditions; not that of `between`. */
function isConnective(tokens: readonly Token[], at: number): boolean {
  return connectives.has(tokens[at]?.text ?? '') && tokens[at - 2]?.text !== 'between'
}

const endsOperand: ReadonlySet<string> = new Set([...endsCondition, ...connectives])

/** Either side of the connective, without the other. */
function withoutOperand(tokens: readonly Token[], { start, end }: Token, at: number): readonly Mutant[] {
  const right = tokens[operandEnd(tokens, at, endsOperand)]
  const left = tokens[operandStart(tokens, at)]
  return [
    ...(right === undefined || right.start <= start ? [] : [{ start, end: right.end, replacement: '' }]),
    ...(left === undefined || left.end >= end ? [] : [{ start: left.start, end, replacement: '' }]),
  ]
}

/** The last token of what follows the one at `at`, at its depth. */
function operandEnd(tokens: readonly Token[], at: number, ending: ReadonlySet<string>): number {
  const { depth } = tokens[at] ?? { depth: 0 }
  const rest = tokens.slice(at + 1)
  const length = rest.findIndex(
    (token) => token.depth < depth || (token.depth === depth && ending.has(token.text)),
  )
  return length === -1 ? tokens.length - 1 : at + length
}

function operandStart(tokens: readonly Token[], at: number): number {
  const { depth } = tokens[at] ?? { depth: 0 }
  return (
    tokens
      .slice(0, at)
      .findLastIndex(
        (token) =>
          token.depth < depth ||
          (token.depth === depth && (endsOperand.has(token.text) || beginsCondition.has(token.text))),
      ) + 1
  )
}

/** Depth goes up after `(` and `case`, and down before `)` and `end`. */
function tokensOf(text: string, { start, end, expressions }: ESTree.TemplateLiteral): readonly Token[] {
  const tokens: Token[] = []
  let depth = 0
  let at = start + 1
  const add = (length: number) => {
    const word = text.slice(at, at + length).toLowerCase()
    if (word === ')' || word === 'end') depth -= 1
    tokens.push({ text: word, start: at, end: at + length, depth })
    if (word === '(' || word === 'case') depth += 1
    at += length
  }
  while (at < end - 1) {
    const hole = expressions.find((expression) => text.startsWith('${', at) && expression.start >= at)
    if (hole !== undefined) add(text.indexOf('}', hole.end) + 1 - at)
    else add(token.exec(text.slice(at, end - 1))?.[0].length ?? 1)
    if (tokens.at(-1)?.text.trim() === '') tokens.pop()
  }
  return tokens
}

const token = /^(\s+|'(?:[^']|'')*'|"[^"]*"|::|<=|>=|<>|[\w.]+(?=\W|$)|.)/
