/**
 * Whether a node passes a where clause.
 *
 * @module
 */
import type { Expression } from '../tree/tree.ts'
import { type GraphNode, isTrue, nothing, type Value } from '../value/value.ts'
import { compared, evaluate, reachedFrom } from './evaluate-expression.ts'
import type { Frame } from './frame.ts'
import { located, type Run } from './run.ts'

/** On the left of a comparison stands an attribute of the node, or of what is reached from it; on its right what the frame knows. */
export function passes(node: GraphNode, where: Expression | undefined, frame: Frame, run: Run): boolean {
  if (where === undefined) return true
  if (where.type === 'unary') {
    if (where.operator === 'not') return !passes(node, where.operand, frame, run)
    return valuesOf(where.operand, node, run).some(isThere)
  }
  if (where.type !== 'binary') return valuesOf(where, node, run).some(isTrue)
  const { operator, left, right, operatorAt } = where
  if (operator === 'and') return passes(node, left, frame, run) && passes(node, right, frame, run)
  if (operator === 'or') return passes(node, left, frame, run) || passes(node, right, frame, run)
  const wanted = evaluate(right, frame, run)
  const found = valuesOf(left, node, run)
  const values = ordering.has(operator) ? found.filter(isThere) : found
  return located(frame.mapping, operatorAt, () =>
    values.some((value) => compared(operator, value, wanted) === true),
  )
}

/** What is missing is neither below nor above anything. */
const ordering: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

/** An attribute's value, or those of all nodes that a key expression reaches: one of them has to pass. */
function valuesOf(expression: Expression, node: GraphNode, run: Run): readonly Value[] {
  if (expression.type === 'name') return [attribute(node, expression.name.text)]
  if (expression.type === 'keyPath') return reachedFrom(node, expression.spec, run)
  if (expression.type !== 'member' || expression.object.type !== 'keyPath') return [null]
  const { member, object } = expression
  return reachedFrom(node, object.spec, run).map((one) => attribute(one, member.text))
}

function attribute({ attributes }: GraphNode, name: string): Value {
  return attributes.get(name) ?? null
}

function isThere(value: Value): boolean {
  return value !== null && value !== nothing
}
