/**
 * Expressions as the grammar found them → expressions of the tree.
 *
 * @module
 */
import type { Span } from '../diagnostic.ts'
import type * as ast from '../grammar/generated/ast.ts'
import { type RawPart, textParts } from '../tree/text-parts.ts'
import type {
  Argument,
  BinaryOperator,
  CiKind,
  Expression,
  Name,
  PlacedSpec,
  TextPart,
  Unary,
} from '../tree/tree.ts'
import { complete, nameIn, propertySpan, type Reading, spanOf, whole } from './reading.ts'

/** `undefined`: something is missing in it, which the parser reported. */
export function readExpression(
  expression: ast.Expression | undefined,
  reading: Reading,
): Expression | undefined {
  if (expression === undefined) return undefined
  const at = spanOf(expression, reading)
  switch (expression.$type) {
    case 'Binary':
      return readBinary(expression, reading, at)
    case 'Unary':
    case 'Test':
      return readUnary(expression, reading, at)
    case 'Parenthesized':
      return readExpression(whole(expression.inner), reading)
    case 'Text':
      return readText(expression, reading)
    case 'Literal':
      return readLiteral(expression, reading, at)
    case 'List':
      return {
        type: 'list',
        items: complete(expression.items.map((item) => readExpression(item, reading))),
        at,
      }
    case 'Search':
      return { type: 'search', at }
    default:
      return readReference(expression, reading, at)
  }
}

type Reference = ast.NameExpression | ast.Member | ast.Index | ast.Call | ast.KeyPath | ast.NodeKeyPath

function readReference(expression: Reference, reading: Reading, at: Span): Expression | undefined {
  switch (expression.$type) {
    case 'NameExpression': {
      const name = nameIn(expression, 'name', reading)
      return name && { type: 'name', name, at }
    }
    case 'Member': {
      const object = readExpression(whole(expression.object), reading)
      const member = nameIn(expression, 'member', reading)
      return object && member && { type: 'member', object, member, at }
    }
    case 'Index': {
      const object = readExpression(whole(expression.object), reading)
      const index = readExpression(whole(expression.index), reading)
      return object && index && { type: 'index', object, index, at }
    }
    case 'KeyPath': {
      const object = readExpression(whole(expression.object), reading)
      return object && { type: 'keyPath', object, spec: readSpec(whole(expression.spec), reading), at }
    }
    case 'NodeKeyPath':
      return { type: 'keyPath', object: undefined, spec: readSpec(whole(expression.spec), reading), at }
    case 'Call':
      return readCall(expression, reading, at)
  }
}

function readBinary(expression: ast.Binary, reading: Reading, at: Span): Expression | undefined {
  const left = readExpression(whole(expression.left), reading)
  const right = readExpression(whole(expression.right), reading)
  const operatorAt = propertySpan(expression, 'operator', reading)
  const operator = binaryOperators.get(whole(expression.operator) ?? '')
  if (left === undefined || right === undefined || operatorAt === undefined || operator === undefined) {
    return undefined
  }
  return { type: 'binary', operator, operatorAt, left, right, at }
}

/** The grammar joins the words of an operator. */
const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ...(['or', 'and', '=', '<>', '<', '<=', '>', '>=', 'matches', 'in'] as const).map(itself),
  ...(['+', '-', '*', '/', '%'] as const).map(itself),
  ['notin', 'not in'],
  ['hassubword', 'has subword'],
  ['hassubstring', 'has substring'],
])

function itself(operator: BinaryOperator): [string, BinaryOperator] {
  return [operator, operator]
}

function readUnary(expression: ast.Unary | ast.Test, reading: Reading, at: Span): Unary | undefined {
  const operand = readExpression(whole(expression.operand), reading)
  const operatorAt = propertySpan(expression, 'operator', reading)
  const operator = unaryOperators.get(whole(expression.operator) ?? '')
  if (operand === undefined || operatorAt === undefined || operator === undefined) return undefined
  return { type: 'unary', operator, operatorAt, operand, at }
}

const unaryOperators: ReadonlyMap<string, Unary['operator']> = new Map<string, Unary['operator']>([
  ['not', 'not'],
  ['-', '-'],
  ['isdefined', 'is defined'],
  ['exists', 'exists'],
])

/** A string. One that does not end is reported, and read as far as it goes. */
function readText(text: ast.Text, reading: Reading): Extract<Expression, { type: 'text' }> {
  const at = spanOf(text, reading)
  const image = reading.text.slice(at.offset, at.offset + at.length)
  if (text.unterminated !== undefined) {
    const quote = at.offset + image.search(/["']/)
    reading.report(
      'LEX_UNTERMINATED_STRING',
      reading.places.span(quote, at.offset + at.length - quote),
      'This string does not end.',
      'A string between single quotation marks ends on its line; one between three may span lines.',
    )
  }
  const { qualifier, parts } = textParts(image)
  return { type: 'text', qualifier, parts: parts.map((part) => readPart(part, at, reading)), at }
}

function readPart(part: RawPart, at: Span, { places }: Reading): TextPart {
  if (typeof part === 'string') return part
  const names = part.map(({ text, offset }) => ({ text, at: places.span(at.offset + offset, text.length) }))
  const [first, ...others] = names
  return first === undefined ? '' : { path: [first, ...others] }
}

function readLiteral(literal: ast.Literal, reading: Reading, at: Span): Expression {
  if (literal.kind !== undefined) return { type: 'word', word: literal.kind, at }
  return { type: 'number', value: numberOf(literal.number ?? '0', at, reading), at }
}

function numberOf(written: string, at: Span, { report }: Reading): number | bigint {
  if (/^\d+\.\d+\./.test(written)) {
    report('NUMBER_INVALID', at, `${written} is not a number.`, 'A number has one decimal point at most.')
    return Number.parseFloat(written)
  }
  const value = Number(written)
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(written) : value
}

export function readSpec(spec: ast.Spec | undefined, reading: Reading): PlacedSpec {
  const name = (part: string) => (spec === undefined ? undefined : nameIn(spec, part, reading))
  const names = {
    role: name('role'),
    relationship: name('relationship'),
    otherRole: name('otherRole'),
    kind: name('kind'),
  }
  const { role, relationship, otherRole, kind } = names
  return {
    role: role?.text,
    relationship: relationship?.text,
    otherRole: otherRole?.text,
    kind: kind?.text,
    names,
  }
}

function readCall(call: ast.Call, reading: Reading, at: Span): Expression | undefined {
  const callee = readExpression(whole(call.callee), reading)
  if (callee === undefined) return undefined
  const path = pathOf(callee)
  if (path === undefined) {
    reading.report('FUNCTION_UNKNOWN', callee.at, 'Only functions that have a name can be called.')
    return undefined
  }
  const given = complete(call.arguments.map((argument) => readArgument(argument, reading)))
  return syncCall(path, given) ?? { type: 'call', path, arguments: given, at }
}

function readArgument(argument: ast.Argument, reading: Reading): Argument | undefined {
  const value = readExpression(whole(argument.value), reading)
  return value && { name: nameIn(argument, 'name', reading), value }
}

/** `a.b.c` as its names; `undefined` where it is more than names. */
function pathOf(expression: Expression): readonly [Name, ...Name[]] | undefined {
  if (expression.type === 'name') return [expression.name]
  if (expression.type !== 'member') return undefined
  const before = pathOf(expression.object)
  return before && [...before, expression.member]
}

const ciKinds: ReadonlyMap<string, Exclude<CiKind, 'own'>> = new Map([
  ['shared', 'shared'],
  ['external', 'external'],
  ['crossref', 'crossref'],
])

function syncCall(path: readonly [Name, ...Name[]], given: readonly Argument[]): Expression | undefined {
  const [first, second, third] = path
  if (first.text !== 'sync' || second === undefined || path.length > 3) return undefined
  if (third === undefined) {
    return { type: 'sync', kind: 'own', className: second, arguments: given, at: first.at }
  }
  if (second.text === 'rel') return { type: 'relationship', className: third, arguments: given, at: first.at }
  const kind = ciKinds.get(second.text)
  return kind && { type: 'sync', kind, className: third, arguments: given, at: first.at }
}
