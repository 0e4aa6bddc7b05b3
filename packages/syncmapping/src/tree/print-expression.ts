/**
 * An expression as text, with all its parentheses: so two can be compared, and precedence can be seen.
 *
 * @module
 */
import { printSpec } from './print-spec.ts'
import type { Argument, Expression, TextPart } from './tree.ts'

export function printExpression(expression: Expression): string {
  switch (expression.type) {
    case 'text':
      return `${expression.qualifier ?? ''}"${expression.parts.map(printPart).join('')}"`
    case 'number':
      return String(expression.value)
    case 'word':
      return expression.word
    case 'name':
      return expression.name.text
    case 'list':
      return `[${expression.items.map(printExpression).join(', ')}]`
    case 'binary':
      return `(${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)})`
    case 'unary':
      return printUnary(expression.operator, printExpression(expression.operand))
    case 'member':
      return `${printExpression(expression.object)}.${expression.member.text}`
    case 'index':
      return `${printExpression(expression.object)}[${printExpression(expression.index)}]`
    case 'keyPath':
      return `${expression.object === undefined ? '' : `${printExpression(expression.object)}.`}#${printSpec(expression.spec)}`
    case 'search':
      return 'search(…)'
    default:
      return `${printCallee(expression)}(${expression.arguments.map(printArgument).join(', ')})`
  }
}

type AnyCall = Extract<Expression, { readonly arguments: readonly Argument[] }>

function printCallee(call: AnyCall): string {
  if (call.type === 'call') return call.path.map(({ text }) => text).join('.')
  if (call.type === 'relationship') return `sync.rel.${call.className.text}`
  return call.kind === 'own' ? `sync.${call.className.text}` : `sync.${call.kind}.${call.className.text}`
}

function printUnary(operator: string, operand: string): string {
  if (operator === 'not') return `(not ${operand})`
  return operator === '-' ? `(-${operand})` : `(${operand} ${operator})`
}

function printPart(part: TextPart): string {
  return typeof part === 'string'
    ? part.replace(/%/g, '%%')
    : `%${part.path.map(({ text }) => text).join('.')}%`
}

function printArgument({ name, value }: Argument): string {
  return name === undefined ? printExpression(value) : `${name.text} := ${printExpression(value)}`
}
