/**
 * What is being written at a place of a text that is not finished: seen in the tokens before it, for a parser knows no more
 * of half a statement than that it is wrong.
 *
 * @module
 */
import type { Token } from '../grammar/token.ts'
import { tplServices } from '../grammar/tpl-services.ts'

export interface Cursor {
  readonly place: Place
  /** From the outside inwards. */
  readonly blocks: readonly Block[]
  /** The stretch that is half a statement. */
  readonly unfinished: { readonly from: number; readonly to: number }
}

export interface Block {
  readonly word: string
  /** Of a syncmapping, its own; of `for each` and `group`, what they go through; of `for … in`, its variable. */
  readonly name: string | undefined
  readonly isForEach: boolean
}

type Place =
  /** Comments, texts, numbers, names that are new. */
  | { readonly type: 'nothing' }
  /** After `a.b.`. */
  | { readonly type: 'member'; readonly path: readonly string[] }
  | {
      readonly type:
        | 'class'
        | 'kind'
        | 'role'
        | 'relationship'
        | 'loop'
        | 'group'
        | 'end'
        | 'statement'
        | 'name'
        | 'expression'
    }
  /** Where the name of an argument can stand, or a value. */
  | { readonly type: 'argument'; readonly path: readonly string[] }
  /** Where an entry of the innermost block begins. */
  | { readonly type: 'entry' }

export function cursorAt(text: string, offset: number): Cursor {
  const { tokens, hidden } = tplServices().parser.Lexer.tokenize(text.slice(0, offset))
  const isComment = hidden.some(({ image, endOffset }) => image.startsWith('//') && endOffset === offset - 1)
  const last = tokens.at(-1)
  const isTyping = last?.endOffset === offset - 1 && /^\$?[a-zA-Z_]\w*$/.test(last.image)
  const before = isTyping ? tokens.slice(0, -1) : tokens
  const blocks = blocksIn(before)
  const unfinished = stretch(before, text, offset)
  if (isComment) return { place: { type: 'nothing' }, blocks, unfinished }
  return {
    place: (isTyping ? undefined : inside(last, offset)) ?? placeAfter(before, blocks),
    blocks,
    unfinished,
  }
}

/** Inside of a text, a number, a block that is skipped; `undefined`: after it. */
function inside(last: Token | undefined, offset: number): Place | undefined {
  if (last === undefined) return undefined
  const { name } = last.tokenType
  const isAtEnd = last.endOffset === offset - 1
  if (name === 'UNTERMINATED_STRING' && isAtEnd) {
    const [, path] = /(?:^|[^%])%((?:\$?\w+\.)*)\$?\w*$/.exec(last.image) ?? []
    if (path === undefined || /^[a-z]/.test(last.image)) return { type: 'nothing' }
    return path === '' ? { type: 'name' } : { type: 'member', path: names(path.slice(0, -1).split('.')) }
  }
  if (name === 'SKIPPED' && !/\bend\s+\w+\s*;?$/.test(last.image)) return { type: 'nothing' }
  return name === 'NUMBER' && isAtEnd ? { type: 'nothing' } : undefined
}

function names(path: readonly string[]): readonly string[] {
  return path.map((name) => name.replace(/^\$/, ''))
}

function isKeyword({ image, tokenType }: Token): boolean {
  return tokenType.name === image
}

const opening = new Set([
  ...['metadata', 'table', 'configuration', 'syncmapping', 'overview', 'constants', 'mapping', 'traverse'],
  ...['group', 'expand', 'body', 'if', 'for', 'datamodel'],
])

/** Blocks that have begun and not ended. */
function blocksIn(tokens: readonly Token[]): readonly Block[] {
  const blocks: Block[] = []
  for (const [index, token] of tokens.entries()) {
    if (!isKeyword(token)) continue
    const previous = tokens[index - 1]?.image
    const next = tokens[index + 1]?.image
    if (token.image === 'end' && next !== undefined) close(blocks, next)
    const isNew = opening.has(token.image) && previous !== 'end' && previous !== 'expand'
    const isEntry = token.image === 'datamodel' && !blocks.some(({ word }) => word === 'body')
    if (isNew && !isEntry) blocks.push(opened(tokens, index))
  }
  return blocks
}

function close(blocks: Block[], word: string): void {
  const index = blocks.findLastIndex((block) => block.word === word)
  if (index >= 0) blocks.splice(index)
}

function opened(tokens: readonly Token[], index: number): Block {
  const word = tokens[index]?.image ?? ''
  const at = (distance: number) => tokens[index + distance]?.image.replace(/^\$/, '')
  if (word !== 'for') return { word, name: at(1), isForEach: false }
  if (at(1) !== 'each') return { word, name: at(1), isForEach: false }
  return { word, name: at(3) === ',' ? at(4) : at(2), isForEach: true }
}

function placeAfter(tokens: readonly Token[], blocks: readonly Block[]): Place {
  const previous = tokens.at(-1)?.image ?? ''
  if (previous === '.') {
    const path = pathBefore(tokens, tokens.length - 1)
    return path.length === 0 ? { type: 'nothing' } : { type: 'member', path }
  }
  if (previous === 'end') return { type: 'end' }
  const isInBody = blocks.some(({ word }) => word === 'body')
  return isInBody ? inBody(tokens) : inDeclaration(tokens, blocks.at(-1)?.word)
}

/** The names in front of a point or a parenthesis. */
function pathBefore(tokens: readonly Token[], index: number): readonly string[] {
  const name = tokens[index - 1]?.image ?? ''
  if (!/^\$?[a-zA-Z_]\w*$/.test(name)) return []
  if (tokens[index - 2]?.image !== '.') return names([name])
  const before = pathBefore(tokens, index - 2)
  return before.length === 0 ? [] : [...before, ...names([name])]
}

const beforeStatement = new Set([';', 'do', 'then', 'else', 'body'])

function inBody(tokens: readonly Token[]): Place {
  const [beforePrevious, previous] = [tokens.at(-2), tokens.at(-1)]
  const word = previous?.image ?? ''
  if (beforeStatement.has(word)) return { type: 'statement' }
  if (word === 'each' || (word === ',' && tokens.at(-3)?.image === 'each')) return { type: 'loop' }
  if (word === 'group' && beforePrevious?.image !== 'end') return { type: 'group' }
  if (word === 'for') return { type: 'nothing' }
  const open = openParenthesis(tokens)
  if (open !== undefined && (word === '(' || word === ',')) {
    return { type: 'argument', path: pathBefore(tokens, open) }
  }
  return { type: 'expression' }
}

/** Index of the parenthesis that is open in this statement. */
function openParenthesis(tokens: readonly Token[]): number | undefined {
  let depth = 0
  for (let index = tokens.length - 1; index >= 0; index--) {
    const image = tokens[index]?.image ?? ''
    if (beforeStatement.has(image)) return undefined
    if (image === ')') depth++
    if (image === '(' && depth-- === 0) return index
  }
  return undefined
}

function inDeclaration(tokens: readonly Token[], block: string | undefined): Place {
  const word = tokens.at(-1)?.image ?? ''
  if (word === '->' && block !== 'table') return { type: 'class' }
  if (word === 'on' && tokens.at(-2)?.image === 'mapping') return { type: 'kind' }
  if (block === 'traverse') {
    const head = tokens.slice(tokens.findLastIndex(({ image }) => image === 'traverse') + 1)
    if (!head.some(({ image }) => image === 'as')) return inSpec(head.map(({ image }) => image))
  }
  if (word === 'as' || word === 'where' || word === ':=') return { type: 'nothing' }
  return { type: 'entry' }
}

/** Between the colons of a traversal. */
function inSpec(head: readonly string[]): Place {
  const isAtPart = head.length === 0 || head.at(-1) === ':'
  const part = isAtPart ? specPlaces[head.filter((image) => image === ':').length] : undefined
  return { type: part ?? 'nothing' }
}

const specPlaces = ['role', 'relationship', 'role', 'kind'] as const

/** From the end of the statement before it; within a block of declarations, the line. */
function stretch(tokens: readonly Token[], text: string, offset: number): Cursor['unfinished'] {
  const boundary = tokens.findLast((token) => beforeStatement.has(token.image))
  const line = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const isInBody = blocksIn(tokens).some(({ word }) => word === 'body')
  const statement = (boundary?.endOffset ?? -1) + 1
  const rest = text.slice(offset)
  const isInCall = isInBody && openParenthesis(tokens) !== undefined
  const length = rest.search(isInCall ? /;/ : /[\r\n]/)
  const to = length < 0 ? text.length : offset + length + (isInCall ? 1 : 0)
  return { from: isInBody ? statement : Math.max(line, statement), to }
}
