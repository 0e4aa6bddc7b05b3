/**
 * Expressions.
 *
 * @module
 */

import { type BuiltIn, wrongType } from '../functions/built-in.ts'
import { functions } from '../functions/functions.ts'
import { compiled } from '../functions/text-functions.ts'
import { RootFailedError } from '../root-failed-error.ts'
import type {
  Binary,
  BinaryOperator,
  Expression,
  FunctionCall,
  Name,
  Spec,
  TextExpression,
  Unary,
} from '../tree/tree.ts'
import { type ArithmeticOperator, calculate, isEqual, order, tableKey } from '../value/compare.ts'
import { hasSubstring, hasSubword } from '../value/subword.ts'
import {
  Ci,
  GraphNode,
  GraphRelationship,
  isTrue,
  nothing,
  Table,
  typeName,
  type Value,
} from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { attributeOf, elementOf, memberOfNamed, namedIn, rowOf, valueOfName } from './evaluate-names.ts'
import type { Frame } from './frame.ts'
import { located, placeOf, type Run, warn } from './run.ts'

export function evaluate(expression: Expression, frame: Frame, run: Run): Value {
  switch (expression.type) {
    case 'text':
      return evaluateText(expression, frame, run)
    case 'number':
      return expression.value
    case 'word':
      return words[expression.word]
    case 'name':
      return valueOfName(expression.name.text, frame, run, evaluate)
    case 'list':
      return expression.items.map((item) => evaluate(item, frame, run))
    case 'binary':
      return evaluateBinary(expression, frame, run)
    case 'unary':
      return evaluateUnary(expression, frame, run)
    case 'member':
      return evaluateMember(expression, frame, run)
    case 'index':
      return evaluateIndex(expression, frame, run)
    case 'keyPath':
      return evaluateKeyPath(expression, frame, run)
    case 'call':
      return evaluateCall(expression, frame, run)
    default:
      throw new RootFailedError(
        'UNAVAILABLE',
        'This expression has no value.',
        placeOf(frame.mapping, expression.at),
      )
  }
}

const words = { true: true, false: false, none: null, void: nothing } as const

function evaluateMember(
  { object, member }: Extract<Expression, { type: 'member' }>,
  frame: Frame,
  run: Run,
): Value {
  if (object.type === 'name') return memberOfName(object.name.text, member, frame, run)
  return memberOf(evaluate(object, frame, run), member, frame)
}

/** A variable hides what the module has of that name. */
function memberOfName(name: string, member: Name, frame: Frame, run: Run): Value {
  const value = frame.names.get(name)
  if (value !== undefined) return memberOf(value, member, frame)
  const named = namedIn(name, frame)
  if (named === undefined) return memberOf(valueOfName(name, frame, run, evaluate), member, frame)
  return located(frame.mapping, member.at, () => memberOfNamed(named, member.text, frame, run, evaluate))
}

function memberOf(value: Value, { text, at }: Name, { mapping }: Frame): Value {
  const found = attributeOf(value, text)
  if (found !== undefined) return found
  const message = `There is no attribute ${text}, for this is ${typeName(value)}.`
  throw new RootFailedError('NO_ATTRIBUTES', message, placeOf(mapping, at))
}

function evaluateIndex(
  { object, index: wanted }: Extract<Expression, { type: 'index' }>,
  frame: Frame,
  run: Run,
): Value {
  const named = object.type === 'name' ? namedIn(object.name.text, frame) : undefined
  const index = evaluate(wanted, frame, run)
  if (named?.type === 'table')
    return located(frame.mapping, wanted.at, () => rowOf(named, index, frame, run, evaluate))
  const value = evaluate(object, frame, run)
  return located(frame.mapping, wanted.at, () => elementOf(value, index))
}

/** All nodes at the end of the path. */
function evaluateKeyPath(
  expression: Extract<Expression, { type: 'keyPath' }>,
  frame: Frame,
  run: Run,
): Value {
  const value = expression.object === undefined ? frame.node : evaluate(expression.object, frame, run)
  const from = value instanceof GraphNode ? [value] : value
  if (!Array.isArray(from)) {
    return located(frame.mapping, expression.at, () => {
      throw wrongType('node', value)
    })
  }
  return from.flatMap((node) => (node instanceof GraphNode ? reachedFrom(node, expression.spec, run) : []))
}

/** Nodes that are there, at the other end of a traversal. */
export function reachedFrom(node: GraphNode, spec: Spec, { surroundings }: Run): readonly GraphNode[] {
  const steps = surroundings.graph.follow(node, spec)
  return steps.filter((step) => !step.node.isDestroyed).map((step) => step.node)
}

function evaluateText({ parts, at }: TextExpression, frame: Frame, run: Run): Value {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      const value = valueOfPath(part.path, frame, run)
      if (value === null || value === nothing)
        warnOfNone(part.path.map((one) => one.text).join('.'), at, frame, run)
      text += textOf(value)
    }
  }
  return text
}

function valueOfPath([first, second, ...others]: readonly [Name, ...Name[]], frame: Frame, run: Run): Value {
  if (second === undefined) return valueOfName(first.text, frame, run, evaluate)
  const value = memberOfName(first.text, second, frame, run)
  return others.reduce((object, member) => memberOf(object, member, frame), value)
}

function warnOfNone(path: string, at: TextExpression['at'], frame: Frame, run: Run): void {
  const message = `%${path}% has no value, so this text contains the word "None".`
  warn(run, { code: 'NONE_IN_TEXT', message, place: placeOf(frame.mapping, at) })
}

function evaluateUnary({ operator, operand, operatorAt }: Unary, frame: Frame, run: Run): Value {
  const value = evaluate(operand, frame, run)
  if (operator === 'not') return !isTrue(value)
  if (operator === '-') return located(frame.mapping, operatorAt, () => calculate('-', 0, value))
  return value !== null && value !== nothing
}

/** `and` and `or` give the operand that decides. */
function evaluateBinary(expression: Binary, frame: Frame, run: Run): Value {
  const { operator, left, right, operatorAt } = expression
  const first = evaluate(left, frame, run)
  if (operator === 'and') return isTrue(first) ? evaluate(right, frame, run) : first
  if (operator === 'or') return isTrue(first) ? first : evaluate(right, frame, run)
  const second = evaluate(right, frame, run)
  return located(frame.mapping, operatorAt, () => compared(operator, first, second))
}

export function compared(operator: Exclude<BinaryOperator, 'and' | 'or'>, left: Value, right: Value): Value {
  return isArithmetic(operator) ? calculate(operator, left, right) : comparisons[operator](left, right)
}

function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return arithmetic.has(operator)
}

const arithmetic: ReadonlySet<string> = new Set<ArithmeticOperator>(['+', '-', '*', '/', '%'])

type Comparison = Exclude<BinaryOperator, ArithmeticOperator | 'and' | 'or'>

const comparisons: Readonly<Record<Comparison, (left: Value, right: Value) => boolean>> = {
  '=': isEqual,
  '<>': (left, right) => !isEqual(left, right),
  '<': (left, right) => order(left, right) < 0,
  '<=': (left, right) => order(left, right) <= 0,
  '>': (left, right) => order(left, right) > 0,
  '>=': (left, right) => order(left, right) >= 0,
  matches: (left, right) => left !== null && compiled(textOf(right)).isIn(textOf(left)),
  in: isIn,
  'not in': (left, right) => !isIn(left, right),
  'has subword': (left, right) => left !== null && hasSubword(textOf(left), textOf(right)),
  'has substring': (left, right) => left !== null && hasSubstring(textOf(left), textOf(right)),
}

/** In a list, among the keys of a table, in a text; of a node or CI, whether it has the attribute. */
function isIn(left: Value, right: Value): boolean {
  if (Array.isArray(right)) return right.some((value) => isEqual(value, left))
  if (right instanceof Table) return right.has(tableKey(left))
  if (typeof right === 'string' && typeof left === 'string') return right.includes(left)
  if (right instanceof GraphNode || right instanceof GraphRelationship || right instanceof Ci) {
    return (right.attributes.get(textOf(left)) ?? null) !== null
  }
  throw wrongType('list, table, text or node', right)
}

function evaluateCall(call: FunctionCall, frame: Frame, run: Run): Value {
  const values: Value[] = []
  const named = new Map<string, Value>()
  for (const { name, value } of call.arguments) {
    if (name === undefined) values.push(evaluate(value, frame, run))
    else named.set(name.text, evaluate(value, frame, run))
  }
  return located(frame.mapping, call.path[0].at, () =>
    calledBy(call).call({ values, named, context: run.context }),
  )
}

function calledBy(call: FunctionCall): BuiltIn {
  const known = called.get(call)
  if (known !== undefined) return known
  const name = call.path.map(({ text }) => text).join('.')
  const found = functions.get(name)
  if (found === undefined) throw new RootFailedError('UNAVAILABLE', `There is no function ${name}.`)
  called.set(call, found)
  return found
}

/** A call is made for many nodes. */
const called = new WeakMap<FunctionCall, BuiltIn>()
