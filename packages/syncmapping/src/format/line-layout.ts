/**
 * The layout of one line: where it may be broken, and where blanks stand.
 *
 * @module
 */
import type { LeafCstNode } from 'langium'
import { group, indent, type Layout, line, softLine } from './layout.ts'
import { isComment, type Line } from './lines.ts'
import { isApartFrom } from './spacing.ts'

/** @param text That the tree was read from. */
export function lineLayout({ tokens, node }: Line, text: string): Layout {
  const ordered = commentsLast(tokens)
  const end = ordered.findLastIndex((token) => !isComment(token)) + 1
  const [behind] = ordered.slice(end).map((token) => token.text.trimEnd())
  const content = heading(unitsOf(ordered.slice(0, end)), steps.get(node.$type) ?? 1, text)
  if (end === 0) return behind ?? ''
  return [group(content), behind === undefined ? '' : ` ${behind}`]
}

/** What is inside of these stands one step deeper, so that what their heads go on with stands two. */
const steps: ReadonlyMap<string, number> = new Map(
  ['If', 'ForEach', 'ForIn', 'GroupStatement', 'Traverse'].map((type) => [type, 2]),
)

/** A sign, or what stands between brackets. */
type Unit =
  | { readonly type: 'token'; readonly token: LeafCstNode }
  | {
      readonly type: 'brackets'
      readonly open: LeafCstNode
      readonly inner: readonly Unit[]
      readonly close: LeafCstNode
    }

/** A comment in front of a comma stands behind it. */
function commentsLast(tokens: readonly LeafCstNode[]): readonly LeafCstNode[] {
  const result: LeafCstNode[] = []
  for (const token of tokens) {
    const last = result.findLastIndex((one) => !isComment(one))
    if (token.text === ',') result.splice(last + 1, 0, token)
    else result.push(token)
  }
  return result
}

function unitsOf(tokens: readonly LeafCstNode[]): readonly Unit[] {
  const open: { readonly token: LeafCstNode | undefined; readonly units: Unit[] }[] = [
    { token: undefined, units: [] },
  ]
  for (const token of tokens) {
    const isSign = token.tokenType.name === token.text
    if (isSign && (token.text === '(' || token.text === '[')) open.push({ token, units: [] })
    else if (isSign && (token.text === ')' || token.text === ']')) {
      const ended = open.pop()
      if (ended?.token !== undefined) {
        const brackets: Unit = { type: 'brackets', open: ended.token, inner: ended.units, close: token }
        open.at(-1)?.units.push(brackets)
      }
    } else open.at(-1)?.units.push({ type: 'token', token })
  }
  return open[0]?.units ?? []
}

/** A line outside of all brackets: its first part, and deeper what it goes on with. */
function heading(units: readonly Unit[], deeper: number, text: string): Layout {
  const [first = [], ...others] = partsOf(units)
  const isCommented = others.length === 0 && units.some(isCommentUnit)
  const rest = others.map((part) => [line, commented(part, 1, text)])
  if (isCommented) return indent(operation(first, 0, text), deeper)
  return [commented(first, deeper, text), indent(rest, deeper)]
}

/** What stands between brackets, each part on its line where they are broken. */
function elements(units: readonly Unit[], text: string): Layout {
  return partsOf(units).map((part, index) => [index === 0 ? '' : line, commented(part, 1, text)])
}

/** A part, which a comment before or behind it does not break. */
function commented(units: readonly Unit[], deeper: number, text: string): Layout {
  const from = units.findIndex((unit) => !isCommentUnit(unit))
  const to = units.findLastIndex((unit) => !isCommentUnit(unit)) + 1
  if (from < 0) return run(units, text)
  const [before, content, behind] = [units.slice(0, from), units.slice(from, to), units.slice(to)]
  return [run(before, text), operation(content, deeper, text), run(behind, text)]
}

/** Parts between commas, and in front of the words that lead on in a head. */
function partsOf(units: readonly Unit[]): readonly (readonly Unit[])[] {
  return split(units, (unit, before) => isSign(before, ',') || leadsOn(unit))
}

/** `from`, `where` and `as` of a mapping block or a traversal. */
function leadsOn(unit: Unit): boolean {
  if (unit.type !== 'token') return false
  const { token } = unit
  const { $type } = token.astNode
  if (token.text === 'from') return $type === 'ScopedName'
  if (token.text === 'where') return $type === 'Where'
  return token.text === 'as' && ($type === 'MappingBlock' || $type === 'Traverse')
}

/** Operands of the loosest operators, each with the operator before it. */
function operation(units: readonly Unit[], deeper: number, text: string): Layout {
  const isLoose = units.some((unit) => isOperator(unit, loose))
  const [first = [], ...others] = split(units, (unit) => isOperator(unit, isLoose ? loose : sums))
  if (others.length === 0) return run(units, text)
  const operand = (part: readonly Unit[]) => (isLoose ? operation(part, 1, text) : run(part, text))
  const rest = others.map(([operator, ...part]) => [
    line,
    run(operator ? [operator] : [], text),
    ' ',
    operand(part),
  ])
  return group([operand(first), indent(rest, deeper)])
}

const loose: ReadonlySet<string> = new Set(['and', 'or'])
const sums: ReadonlySet<string> = new Set(['+', '-'])

function isOperator(unit: Unit, wanted: ReadonlySet<string>): boolean {
  return unit.type === 'token' && wanted.has(unit.token.text) && unit.token.astNode.$type === 'Binary'
}

/** What cannot be broken but in its brackets. */
function run(units: readonly Unit[], text: string): Layout {
  return units.map((unit, index) => {
    const before = units[index - 1]
    const blank = before !== undefined && isApartFrom(lastOf(before), firstOf(unit)) ? ' ' : ''
    return [blank, unit.type === 'token' ? printToken(unit.token, text) : brackets(unit, text)]
  })
}

function brackets({ open, inner, close }: Extract<Unit, { type: 'brackets' }>, text: string): Layout {
  const content = withoutLastComma(inner)
  if (content.length === 0) return [open.text, close.text]
  return group([open.text, indent([softLine, elements(content, text)]), softLine, close.text])
}

/** Lists may have one, which says nothing. */
function withoutLastComma(units: readonly Unit[]): readonly Unit[] {
  const last = units.findLastIndex((unit) => !isCommentUnit(unit))
  const unit = units[last]
  return unit !== undefined && isSign(unit, ',') ? units.toSpliced(last, 1) : units
}

function printToken(token: LeafCstNode, text: string): Layout {
  if (isComment(token)) {
    return { type: 'comment', text: token.text.trimEnd(), own: isOnOwnLine(token, text) }
  }
  if (token.tokenType.name === 'QUALIFIED_STRING') return token.text.replace(/^([a-z_]+)\s*/, '$1 ')
  return token.text
}

function isOnOwnLine({ offset }: LeafCstNode, text: string): boolean {
  const before = text.slice(0, offset)
  return /(?:^|[\r\n])\s*$/.test(
    before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'), 0)),
  )
}

function split(
  units: readonly Unit[],
  begins: (unit: Unit, before: Unit) => boolean,
): readonly (readonly Unit[])[] {
  const parts: Unit[][] = [[]]
  let before: Unit | undefined
  for (const unit of units) {
    if (before !== undefined && !isCommentUnit(unit) && begins(unit, before)) parts.push([unit])
    else parts.at(-1)?.push(unit)
    if (!isCommentUnit(unit)) before = unit
  }
  return parts
}

function isSign(unit: Unit, sign: string): boolean {
  return unit.type === 'token' && unit.token.text === sign && unit.token.tokenType.name === sign
}

function isCommentUnit(unit: Unit): boolean {
  return unit.type === 'token' && isComment(unit.token)
}

function firstOf(unit: Unit): LeafCstNode {
  return unit.type === 'token' ? unit.token : unit.open
}

function lastOf(unit: Unit): LeafCstNode {
  return unit.type === 'token' ? unit.token : unit.close
}
