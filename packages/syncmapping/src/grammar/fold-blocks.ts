/**
 * Stretches of tokens that are folded into one: blocks that synchronization skips, and search expressions, whose language
 * is another one and which a syncmapping may not have anyway.
 *
 * @module
 */
import type { Token } from './token.ts'

export interface Folded {
  readonly kind: 'SKIPPED' | 'SEARCH'
  /** Index of the first token and of the one after the last. */
  readonly from: number
  readonly to: number
}

const skipped = new Set(['pattern', 'definitions', 'identify', 'enumeration'])

/** The stretch that begins at the token, if one does. */
export function foldedAt(tokens: readonly Token[], index: number): Folded | undefined {
  const word = imageAt(tokens, index)
  if (skipped.has(word) && isDeclaration(tokens, index)) {
    return { kind: 'SKIPPED', from: index, to: afterBlock(tokens, index, word) }
  }
  if (word === 'search' && imageAt(tokens, index + 1) === '(' && imageAt(tokens, index - 1) !== '.') {
    return { kind: 'SEARCH', from: index, to: afterParenthesis(tokens, index + 1) }
  }
  return undefined
}

/** `pattern Name 1.0`: a name and a version follow, and a declaration can begin here. */
function isDeclaration(tokens: readonly Token[], index: number): boolean {
  const previous = imageAt(tokens, index - 1)
  const startsHere = previous === '' || previous === ';' || skipped.has(previous.split(/\s/, 1)[0] ?? '')
  return startsHere && /^\w/.test(imageAt(tokens, index + 1)) && imageAt(tokens, index + 1) !== 'end'
}

/** After `end pattern;`; a block that does not end reaches to the next declaration that synchronization reads, or to the end. */
function afterBlock(tokens: readonly Token[], index: number, word: string): number {
  for (let i = index + 1; i < tokens.length; i++) {
    if (imageAt(tokens, i) === 'end' && imageAt(tokens, i + 1) === word) {
      return imageAt(tokens, i + 2) === ';' ? i + 3 : i + 2
    }
    if (imageAt(tokens, i) === 'syncmapping' && /^\d/.test(imageAt(tokens, i + 2))) return i
  }
  return tokens.length
}

/** After the parenthesis that closes the one at `index`; before the end of the statement where none does. */
function afterParenthesis(tokens: readonly Token[], index: number): number {
  let depth = 0
  for (let i = index; i < tokens.length; i++) {
    const image = imageAt(tokens, i)
    if (image === ';') return i
    if (image === '(') depth++
    if (image === ')' && --depth === 0) return i + 1
  }
  return tokens.length
}

function imageAt(tokens: readonly Token[], index: number): string {
  return tokens[index]?.image ?? ''
}
