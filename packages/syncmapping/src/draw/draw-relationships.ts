/**
 * The relationships that a body specifies, as arrows between targets.
 *
 * @module
 */
import type { DrawnEdge, DrawnNode } from '@sluice/drawing'
import { inForce, type Mapping, targetsOf } from '../link/program.ts'
import { printExpression } from '../tree/print-expression.ts'
import type { Expression, RelationshipCall } from '../tree/tree.ts'
import { allExpressions, allStatements } from '../tree/walk.ts'
import { nodeId } from './node-id.ts'

export interface DrawnRelationships {
  /** Ends that are no target by their text, such as what a loop goes through. */
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

export function drawRelationships(mapping: Mapping): DrawnRelationships {
  const calls = allStatements(mapping.tree.body)
    .flatMap(allExpressions)
    .filter((expression) => expression.type === 'relationship')
  const nodes = new Map<string, DrawnNode>()
  const endOf = (call: RelationshipCall, name: 'Source' | 'Destination'): string => {
    const value = argumentOf(call, name)
    const target = value === undefined ? undefined : targetMeant(mapping, value)
    if (target !== undefined) return target
    const text = value === undefined ? name : printExpression(value)
    const id = nodeId(mapping, `end ${text}`)
    nodes.set(id, { id, lines: [text], look: { shape: 'box', tone: 'quiet' } })
    return id
  }
  const edges = calls.map((call) => ({
    from: endOf(call, 'Source'),
    to: endOf(call, 'Destination'),
    lines: describe(mapping, call),
  }))
  return { nodes: [...nodes.values()], edges }
}

/** The class, the name where it has one, and who is impacted. */
function describe(mapping: Mapping, call: RelationshipCall): readonly string[] {
  const name = argumentOf(call, 'Name')
  const impacted = argumentOf(call, 'Impacted')
  const weight = argumentOf(call, 'ImpactWeight')
  const strength = weight === undefined ? '' : ` by ${percent(written(mapping, weight))}`
  return [
    call.className.text,
    ...(name === undefined ? [] : [written(mapping, name)]),
    ...(impacted === undefined ? [] : [`impacts ${printExpression(impacted)}${strength}`]),
  ]
}

function percent(weight: string): string {
  return /^\d+$/.test(weight) ? `${weight}%` : weight
}

function argumentOf(call: RelationshipCall, name: string): Expression | undefined {
  return call.arguments.find((one) => one.name?.text === name)?.value
}

/** Plain texts and constants as what they say. */
function written({ tree }: Mapping, expression: Expression): string {
  const constant =
    expression.type === 'name'
      ? tree.constants.find(({ name }) => name.text === expression.name.text)?.value
      : undefined
  const value = constant ?? expression
  if (value.type === 'text' && value.parts.every((part) => typeof part === 'string'))
    return value.parts.join('')
  return printExpression(value)
}

/** The target that is meant by its name, by that of a variable that it was assigned to, or as one of another mapping. */
function targetMeant(
  mapping: Mapping,
  expression: Expression,
  followed: readonly string[] = [],
): string | undefined {
  if (expression.type === 'name') {
    const { text } = expression.name
    if (targetsOf(mapping).has(text)) return nodeId(mapping, text)
    const value = followed.includes(text) ? undefined : assignedTo(mapping, text)
    return value === undefined ? undefined : targetMeant(mapping, value, [...followed, text])
  }
  if (expression.type !== 'member' || expression.object.type !== 'name') return undefined
  const named = mapping.module.names.get(expression.object.name.text)
  if (named?.type !== 'mapping') return undefined
  const other = inForce(named.mapping)
  const { text } = expression.member
  return targetsOf(other).has(text) ? nodeId(other, text) : undefined
}

function assignedTo({ tree }: Mapping, name: string): Expression | undefined {
  for (const statement of allStatements(tree.body)) {
    if (statement.type !== 'assign') continue
    const place = statement.targets.findIndex((one) => one.type === 'name' && one.name.text === name)
    if (place >= 0) return statement.values[place]
  }
  return undefined
}
