/**
 * A module's text → the same module in the one style there is.
 *
 * It is printed anew from its tree: each statement and declaration on lines of its own, indented by four blanks for each
 * block around it, broken where it is longer than 100 characters; comments stay where they are, of blank lines one.
 * Texts, names and numbers stay as they are written, so that the module means the same.
 *
 * @module
 */
import type { Diagnostic } from '../diagnostic.ts'
import { tplServices } from '../grammar/tpl-services.ts'
import { readModule } from '../read/read-module.ts'
import { printLayout } from './layout.ts'
import { lineLayout } from './line-layout.ts'
import { isOnlyComment, isTurn, type Line, linesOf } from './lines.ts'

export type Formatted =
  | { readonly type: 'formatted'; readonly text: string }
  /** What cannot be read is left as it is. */
  | { readonly type: 'unreadable'; readonly diagnostics: readonly Diagnostic[] }

/** @param file As diagnostics say it. */
export function formatModule(file: string, text: string): Formatted {
  const diagnostics = readModule(file, text).diagnostics.filter(({ code }) => unreadable.has(code))
  if (diagnostics.length > 0) return { type: 'unreadable', diagnostics }
  const root = tplServices().parser.LangiumParser.parse(text).value.$cstNode
  const lines = root === undefined ? [] : linesOf(root, text)
  return {
    type: 'formatted',
    text: lines.map((line, index) => printLine(line, lines[index - 1], text)).join(''),
  }
}

const unreadable: ReadonlySet<string> = new Set([
  ...['SYNTAX', 'LEX_UNTERMINATED_STRING', 'NESTED_TOO_DEEPLY', 'NO_HEADER'],
])

function printLine(line: Line, before: Line | undefined, text: string): string {
  const printed = printLayout(lineLayout(line, text), line.depth).trimEnd()
  return `${isBlankBefore(line, before) ? '\n' : ''}${printed}\n`
}

/** Where the text has one, not at the beginning and the end of a block; and around what is outside of all others. */
function isBlankBefore(line: Line, before: Line | undefined): boolean {
  if (before?.depth !== line.depth || isTurn(line.tokens[0])) return false
  return line.isApart || (line.depth === 0 && isParted(before, line))
}

/** Imports stand together, and a comment with what is below it. */
function isParted(before: Line, line: Line): boolean {
  if (isOnlyComment(before)) return false
  if (isOnlyComment(line)) return before.node.$type !== 'Header' && before.node.$type !== 'Import'
  return before.node.$type !== 'Import' || line.node.$type !== 'Import'
}
