/**
 * A module with its lines indented by the blocks they are in: four blanks for each, and one more step for lines that go on
 * with a statement.
 *
 * Only white space at the beginning and the end of lines changes, never inside of a string. So the text reads the same as before.
 *
 * @module
 */
import type { Token } from '../grammar/token.ts'
import { tplServices } from '../grammar/tpl-services.ts'

export function formatModule(text: string): string {
  const { tokens, hidden } = tplServices().parser.Lexer.tokenize(text)
  const indentation = new Indentation()
  const strings = tokens.filter(({ image }) => image.includes('\n'))
  const byLine = new Map<number, Token[]>()
  for (const token of tokens) {
    const line = token.startLine ?? 0
    const others = byLine.get(line)
    if (others === undefined) byLine.set(line, [token])
    else others.push(token)
  }
  const lines = text.split(/\r\n|\n/).map((line, index) => {
    const number = index + 1
    const depth = indentation.before(byLine.get(number) ?? [])
    const begins = strings.some((one) => isInside(number, one, 'end'))
    const ends = [...strings, ...hidden].some((one) => isInside(number, one, 'start'))
    const start = begins ? line : `${step.repeat(line.trim() === '' ? 0 : depth)}${line.trimStart()}`
    return ends ? start : start.trimEnd()
  })
  return `${lines.join('\n').replace(/\s+$/, '')}\n`
}

const step = '    '

/** Whether a line begins (`end`) or ends (`start`) in the middle of a token that spans lines. */
function isInside(line: number, { startLine = 0, endLine = 0 }: Token, side: 'start' | 'end'): boolean {
  return side === 'end' ? line > startLine && line <= endLine : line >= startLine && line < endLine
}

const blocks: ReadonlySet<string> = new Set([
  ...['metadata', 'table', 'configuration', 'syncmapping', 'overview', 'constants', 'mapping', 'body'],
  ...['traverse', 'group', 'expand', 'if', 'for', 'datamodel'],
])
const heads: ReadonlySet<string> = new Set([
  'then',
  'do',
  'else',
  'overview',
  'constants',
  'body',
  'metadata',
])
const outdented: ReadonlySet<string> = new Set(['end', 'elif', 'else'])

/** Goes through the lines of a module, and knows how deep each is. */
class Indentation {
  readonly #open: string[] = []
  #parentheses = 0
  #previous: Token | undefined

  /** The depth of a line with these tokens; then takes account of them. */
  before(tokens: readonly Token[]): number {
    const [first] = tokens
    const closes = first !== undefined && (isKeyword(first, outdented) || /^[)\]]$/.test(first.image))
    const inside = this.#open.length + this.#parentheses - (closes ? 1 : 0)
    const depth = inside + (this.#continues() && !closes && this.#parentheses === 0 ? 1 : 0)
    for (const token of tokens) this.#take(token)
    return Math.max(0, depth)
  }

  #take(token: Token): void {
    const previous = this.#previous?.image
    if (token.image === '(' || token.image === '[') this.#parentheses++
    if (token.image === ')' || token.image === ']') this.#parentheses = Math.max(0, this.#parentheses - 1)
    if (isKeyword(token, outdented) && token.image === 'end') this.#open.pop()
    else if (isKeyword(token, blocks) && previous !== 'end' && !this.#hasNoEnd(token.image)) {
      this.#open.push(token.image)
    }
    this.#previous = token
  }

  /** `expand group as`, and the entry of an overview. */
  #hasNoEnd(word: string): boolean {
    const isExpanded = word === 'group' && this.#previous?.image === 'expand'
    return isExpanded || (word === 'datamodel' && this.#open.at(-1) === 'overview')
  }

  /** The line before ends in the middle of something that cannot end there. */
  #continues(): boolean {
    const previous = this.#previous
    if (previous === undefined) return false
    return (
      /^(?::=|,|->|=|<>|[<>]=?|[-+*/%])$/.test(previous.image) ||
      (isKeyword(previous, joining) && !isKeyword(previous, heads))
    )
  }
}

const joining: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'where',
  'as',
  'from',
  'with',
  'mapping',
  'import',
])

/** A word that the lexer took for a keyword. */
function isKeyword({ image, tokenType }: Token, words: ReadonlySet<string>): boolean {
  return words.has(image) && tokenType.name === image
}
