/**
 * Whether a node passes a where clause.
 *
 * @module
 */
import type { Expression } from '../tree/tree.ts'
import { type GraphNode, nothing, type Value } from '../value/value.ts'
import { compared, evaluate } from './evaluate-expression.ts'
import type { Frame } from './frame.ts'
import { located, type Run } from './run.ts'

/** On the left of a comparison stands an attribute of the node, on its right what the frame knows. */
export function passes(node: GraphNode, where: Expression | undefined, frame: Frame, run: Run): boolean {
  if (where === undefined) return true
  if (where.type === 'unary') return isThere(attribute(where.operand, node))
  if (where.type !== 'binary') return false
  const { operator, left, right, operatorAt } = where
  if (operator === 'and') return passes(node, left, frame, run) && passes(node, right, frame, run)
  if (operator === 'or') return passes(node, left, frame, run) || passes(node, right, frame, run)
  const wanted = evaluate(right, frame, run)
  return located(frame.mapping, operatorAt, () => compared(operator, attribute(left, node), wanted) === true)
}

function attribute(expression: Expression, node: GraphNode): Value {
  return expression.type === 'name' ? (node.attributes.get(expression.name.text) ?? null) : null
}

function isThere(value: Value): boolean {
  return value !== null && value !== nothing
}
