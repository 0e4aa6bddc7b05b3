/**
 * The lexer: Langium's, after which words and blocks are what they are meant as.
 *
 * @module
 */
import { DefaultLexer, type LexerResult, type LexingDiagnostic } from 'langium'
import { isMeantAsKeyword, neighboursOf } from './contextual-keywords.ts'
import { type Folded, foldedAt } from './fold-blocks.ts'
import { tooDeepAt } from './nesting.ts'
import type { LexingError, Token, TokenType } from './token.ts'

export class TplLexer extends DefaultLexer {
  override tokenize(text: string): LexerResult {
    const result = super.tokenize(text)
    const folds = foldsOf(result.tokens)
    const tokens = fold(result.tokens, folds, (kind) => this.#type(kind), text)
    const name = this.#type('ID')
    for (const [index, token] of tokens.entries()) {
      const isKeyword = /^[a-z]/.test(token.image) && token.tokenType.name === token.image
      if (isKeyword && !isMeantAsKeyword(token.image, neighboursOf(tokens, index))) retype(token, name)
    }
    const errors = outside(folds, result.tokens, result.errors)
    const tooDeep = tooDeepAt(tokens)
    if (tooDeep === undefined) return { ...result, tokens, errors }
    // Nothing is parsed of a text that the parser would not come to the ground of.
    return { ...result, tokens: [], errors: [], report: { diagnostics: [nestedTooDeeply(tooDeep)] } }
  }

  #type(name: string): TokenType {
    const type = this.tokenTypes[name]
    if (type === undefined) throw new TypeError(`the grammar has no terminal ${name}`)
    return type
  }
}

function nestedTooDeeply(token: Token): LexingDiagnostic {
  return {
    severity: 'error',
    message: 'This is nested too deeply.',
    offset: token.startOffset,
    length: token.image.length,
    line: token.startLine,
    column: token.startColumn,
  }
}

function foldsOf(tokens: readonly Token[]): readonly Folded[] {
  const folds: Folded[] = []
  for (let index = 0; index < tokens.length; index++) {
    const found = foldedAt(tokens, index)
    if (found === undefined) continue
    folds.push(found)
    index = found.to - 1
  }
  return folds
}

function fold(
  tokens: readonly Token[],
  folds: readonly Folded[],
  typeOf: (kind: Folded['kind']) => TokenType,
  text: string,
): Token[] {
  if (folds.length === 0) return [...tokens]
  const result: Token[] = []
  let index = 0
  for (const { kind, from, to } of folds) {
    result.push(...tokens.slice(index, from))
    const [first, last] = [tokens[from], tokens[to - 1]]
    if (first !== undefined && last !== undefined) result.push(joined(first, last, text, typeOf(kind)))
    index = to
  }
  return [...result, ...tokens.slice(index)]
}

function joined(first: Token, last: Token, text: string, type: TokenType): Token {
  const token: Token = {
    ...first,
    image: text.slice(first.startOffset, (last.endOffset ?? last.startOffset) + 1),
    endOffset: last.endOffset ?? last.startOffset,
    endLine: last.endLine ?? 1,
    endColumn: last.endColumn ?? 1,
  }
  retype(token, type)
  return token
}

function retype(token: Token, type: TokenType): void {
  token.tokenType = type
  token.tokenTypeIdx = type.tokenTypeIdx ?? token.tokenTypeIdx
}

/** What is skipped may hold what is no TPL. */
function outside(
  folds: readonly Folded[],
  tokens: readonly Token[],
  errors: readonly LexingError[],
): LexingError[] {
  const ranges = folds.map(({ from, to }) => [tokens[from]?.startOffset ?? 0, tokens[to - 1]?.endOffset ?? 0])
  return errors.filter(({ offset }) => !ranges.some(([from = 0, to = 0]) => offset >= from && offset <= to))
}
