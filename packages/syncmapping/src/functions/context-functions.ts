/**
 * Functions that look at or speak to what is around: `log.*`, `related.*`, `mail.send`, `system.getOption`, `model.kind`.
 *
 * @module
 */
import type { Graph } from '../graph.ts'
import type { Spec } from '../tree/tree.ts'
import { GraphNode, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { type BuiltIn, builtIn, type Given, type LogLevel, textAt, valueAt, wrongType } from './built-in.ts'
import { toContainer, toHost } from './related-specs.ts'

export const contextFunctions: Readonly<Record<string, BuiltIn>> = {
  'log.debug': logged('debug'),
  'log.info': logged('info'),
  'log.warn': logged('warn'),
  'log.error': logged('error'),
  'log.critical': logged('critical'),
  'related.host': builtIn([1, 1], (given) => hostOf(nodeAt(given), given.context.graph)),
  'related.detailContainer': builtIn([1, 1], (given) => containerOf(nodeAt(given), given.context.graph)),
  'mail.send': builtIn([3, 3], mail),
  'system.getOption': builtIn([1, 1], (given) => given.context.option(textAt(given, 0))),
  'model.kind': builtIn([1, 1], (given) => nodeAt(given).kind),
}

function logged(level: LogLevel): BuiltIn {
  return builtIn([1, 1], (given) => {
    given.context.log(level, textOf(valueAt(given, 0)))
    return null
  })
}

function mail(given: Given): Value {
  given.context.mail(textOf(valueAt(given, 0)), textAt(given, 1), textAt(given, 2))
  return null
}

function nodeAt(given: Given): GraphNode {
  const value = valueAt(given, 0)
  if (value instanceof GraphNode) return value
  throw wrongType('node', value)
}

/** The host itself, the one that it runs on, or the one of what holds it. */
function hostOf(node: GraphNode, graph: Graph): GraphNode | null {
  if (node.kind === 'Host') return node
  const direct = first(graph, node, toHost)
  if (direct !== undefined) return direct
  const container = containerOf(node, graph)
  if (container === null) return null
  if (container.kind === 'Host') return container
  return first(graph, container, toHost) ?? null
}

/** What a detail belongs to. */
function containerOf(node: GraphNode, graph: Graph): GraphNode | null {
  return first(graph, node, toContainer) ?? null
}

function first(graph: Graph, node: GraphNode, spec: Spec) {
  return graph.follow(node, spec).find((step) => !step.node.isDestroyed)?.node
}
