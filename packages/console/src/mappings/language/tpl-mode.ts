/**
 * Which words of a module have which colour. It is no parser: the language itself says what is wrong.
 *
 * @module
 */
import { StreamLanguage, type StreamParser } from '@codemirror/language'

interface ModeState {
  /** The quote that ends the text one is in. */
  quote: string | undefined
}

const blockWords = new Set(
  'tpl module metadata origin tree_path from import as table default configuration syncmapping overview tags datamodel overrides constants mapping on where traverse group expand body end'.split(
    ' ',
  ),
)
const statementWords = new Set('if then elif else for each do in break continue stop with'.split(' '))
const operatorWords = new Set('and or not matches exists is defined has subword substring'.split(' '))
const values = new Set(['true', 'false', 'none', 'void'])

const parser: StreamParser<ModeState> = {
  name: 'tpl',
  startState: () => ({ quote: undefined }),
  token(stream, state) {
    if (state.quote !== undefined) return textToken(stream, state, state.quote)
    if (stream.eatSpace()) return null
    if (stream.match('//')) {
      stream.skipToEnd()
      return 'comment'
    }
    const quote = stream.match(/^(?:regex)?(["'])/)
    if (Array.isArray(quote)) {
      state.quote = quote[1]
      return textToken(stream, state, quote[1] ?? '"')
    }
    if (stream.match(/^\d+(?:\.\d+)?/)) return 'number'
    const word = stream.match(/^[A-Za-z_]\w*/)
    if (Array.isArray(word)) return wordToken(word[0], stream.peek() === '(', stream.string[stream.start - 1])
    if (stream.match(/^(?::=|->|<>|<=|>=|[=<>+*/-])/)) return 'operator'
    stream.next()
    return 'punctuation'
  },
  languageData: { commentTokens: { line: '//' } },
}

function textToken(
  stream: { match(pattern: RegExp): unknown; skipToEnd(): void },
  state: ModeState,
  quote: string,
): string {
  const rest = quote === '"' ? /^(?:[^"\\]|\\.)*"/ : /^(?:[^'\\]|\\.)*'/
  if (stream.match(rest)) state.quote = undefined
  else stream.skipToEnd()
  return 'string'
}

function wordToken(word: string, isCalled: boolean, before: string | undefined): string {
  if (before === '.') return isCalled ? 'function' : 'propertyName'
  const known = word.toLowerCase()
  if (values.has(known)) return 'atom'
  if (operatorWords.has(known)) return 'operatorKeyword'
  if (statementWords.has(known)) return 'controlKeyword'
  if (blockWords.has(known)) return 'keyword'
  return isCalled ? 'function' : 'variableName'
}

export const tplMode = StreamLanguage.define(parser)
