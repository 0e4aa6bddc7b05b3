/**
 * How deeply a text is nested. The parser, and whoever walks its tree, go down one step for each level, so that a text may not
 * have more of them than there is room on their way.
 *
 * @module
 */
import type { Token } from './token.ts'

/** Brackets and blocks around one another; each takes the parser through all rules of an expression. */
const mostLevels = 64

/** Operators, accesses and calls of which one expression is made, one below the other. */
const mostOperators = 400

/** The first token that is nested too deeply. */
export function tooDeepAt(tokens: readonly Token[]): Token | undefined {
  const levels = new Levels()
  return tokens.find((token, index) => levels.take(token, index, tokens))
}

interface Level {
  /** How deep the tree is of the part that is being read, at least as deep as it is. */
  current: number
  /** Of the parts before it, the deepest. */
  highest: number
}

class Levels {
  /** The statement, and what stands between each pair of brackets that is open. */
  readonly #levels: Level[] = []
  #inner: Level = { current: 0, highest: 0 }
  #blocks = 0
  /** Signs that stand before one operand, one after the other. */
  #prefixes = 0

  /** Whether the token is too deep. */
  take(token: Token, index: number, tokens: readonly Token[]): boolean {
    const { image, tokenType } = token
    const isSign = tokenType.name === image
    this.#prefixes = isSign && (image === '-' || image === 'not') ? this.#prefixes + 1 : 0
    if (isSign) this.#takeSign(image)
    if (isSign && opensBlock(index, tokens)) this.#blocks++
    if (isSign && endsBlock(index, tokens)) this.#blocks = Math.max(0, this.#blocks - 1)
    const levels = this.#levels.length + this.#blocks + this.#prefixes
    return levels > mostLevels || this.#inner.current > mostOperators
  }

  #takeSign(image: string): void {
    if (operators.has(image)) this.#inner.current++
    if (opening.has(image)) {
      this.#levels.push(this.#inner)
      this.#inner = { current: 0, highest: 0 }
    } else if (closing.has(image)) this.#close()
    else if (parting.has(image)) this.#inner = { current: 0, highest: heightOf(this.#inner) }
  }

  /** What was between the brackets is an operand of what is around them. */
  #close(): void {
    const outer = this.#levels.pop()
    if (outer === undefined) return
    outer.current = Math.max(outer.current, heightOf(this.#inner) + 1)
    this.#inner = outer
  }
}

function heightOf({ current, highest }: Level): number {
  return Math.max(current, highest)
}

const opening: ReadonlySet<string> = new Set(['(', '['])
const closing: ReadonlySet<string> = new Set([')', ']'])
const parting: ReadonlySet<string> = new Set([',', ';', ':=', 'then', 'do'])
const operators: ReadonlySet<string> = new Set([
  ...['or', 'and', 'not', '=', '<>', '<', '<=', '>', '>=', 'matches', 'in', 'has', 'is', 'exists'],
  ...['+', '-', '*', '/', '%', '.', '.#', '(', '['],
])

/** A statement's begins with `then` or `do`, a declaration's with its word. */
function opensBlock(index: number, tokens: readonly Token[]): boolean {
  const image = tokens[index]?.image ?? ''
  if (tokens[index - 1]?.image === 'end') return false
  if (image === 'if' || image === 'do' || image === 'traverse' || image === 'expand') return true
  return image === 'group' && tokens[index - 1]?.image !== 'expand' && tokens[index + 2]?.image !== 'with'
}

const blocks: ReadonlySet<string> = new Set([...['if', 'for', 'group', 'datamodel', 'traverse', 'expand']])

function endsBlock(index: number, tokens: readonly Token[]): boolean {
  return tokens[index]?.image === 'end' && blocks.has(tokens[index + 1]?.image ?? '')
}
