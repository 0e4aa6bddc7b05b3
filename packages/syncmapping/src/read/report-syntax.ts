/**
 * What the parser could not read, in words for people.
 *
 * @module
 */
import type { ParseResult } from 'langium'
import type { Reading } from './reading.ts'

export function reportSyntax(errors: ParseResult['parserErrors'], reading: Reading): void {
  const { text, report, places, mistakes } = reading
  let isMismatched = false
  for (const { token, message, context, previousToken } of withPrevious(errors)) {
    // What follows a string that does not end is what the string has swallowed.
    if (previousToken?.tokenType.name === 'UNTERMINATED_STRING') continue
    const offset = token.tokenType.name === 'EOF' ? text.length : token.startOffset
    if (isAtBeginning(text, offset) && context.ruleStack.length <= 1) continue
    const isEnd = isInEnd(text, offset)
    // Behind a block that is ended in the wrong place every other one is, too.
    if (isMismatched && isEnd) continue
    const mismatch = isEnd ? describeMismatch(message) : undefined
    isMismatched ||= mismatch !== undefined
    const { what, remedy } = mismatch ?? { what: plain(message), remedy: undefined }
    report('SYNTAX', places.span(offset, token.image.length), what, remedy)
    mistakes.push(offset)
  }
}

/** Of the module, but for comments. */
function isAtBeginning(text: string, offset: number): boolean {
  const before = text.slice(0, offset).replace(/\/\/[^\n\r]*/g, '')
  return before.trim() === ''
}

function withPrevious(errors: ParseResult['parserErrors']) {
  return errors.map((error) => ({
    ...error,
    message: error.message,
    previousToken: 'previousToken' in error ? asToken(error.previousToken) : undefined,
  }))
}

function asToken(value: unknown): { readonly tokenType: { readonly name: string } } | undefined {
  return typeof value === 'object' && value !== null && 'tokenType' in value
    ? { tokenType: { name: tokenName(value.tokenType) } }
    : undefined
}

function tokenName(type: unknown): string {
  return typeof type === 'object' && type !== null && 'name' in type ? String(type.name) : ''
}

/** The parser's own words, without the names of its rules. */
function plain(message: string): string {
  return message
    .replace(/^Expecting token of type '([^']+)' but found `([\s\S]*)`\.$/, (_, expected, found) =>
      found === ''
        ? `Expected ${expected}, but the file ends.`
        : `Expected ${expected}, but found "${found}".`,
    )
    .replace(/^Expecting end of file but found `([\s\S]*)`\.$/, 'Nothing of this kind can begin with "$1".')
    .replace(
      /^Expecting: one of these possible Token sequences:[\s\S]*but found: '([\s\S]*)'$/,
      (_, found) => (found === '' ? 'The file ends too early.' : `"${found}" cannot stand here.`),
    )
    .replace(/\s+/g, ' ')
}

/** The offset is that of what follows an `end`, or of its semicolon. */
export function isInEnd(text: string, offset: number): boolean {
  return /\bend(?:\s+\w+)?\s*$/.test(text.slice(Math.max(0, offset - 100), offset))
}

/** Blocks that stand in others, innermost of all. */
const inner = new Set(['if', 'for'])

/** Of a block that is ended where another one should be. */
function describeMismatch(message: string): { readonly what: string; readonly remedy: string } | undefined {
  const [, open, ended] = /^Expecting token of type '([a-z]+)' but found `([a-z]+)`\.$/.exec(message) ?? []
  if (open === undefined || ended === undefined) return undefined
  if (inner.has(ended) && !inner.has(open))
    return { what: `There is no open "${ended}" for "end ${ended}".`, remedy: 'Leave it out.' }
  return {
    what: `"end ${ended}" stands here, while "${open}" before it is not ended.`,
    remedy: `Write "end ${open};" where it ends.`,
  }
}
