/**
 * Mappings as a picture: which part of a source graph each looks at, which targets it declares where, and how these are related.
 *
 * @module
 */
import type { Drawing, DrawnCluster, DrawnEdge, DrawnNode } from '@sluice/drawing'
import type { Mapping, Program, Scope } from '../link/program.ts'
import { printExpression } from '../tree/print-expression.ts'
import { printSpec } from '../tree/print-spec.ts'
import type { CiKind, Expression } from '../tree/tree.ts'
import { drawRelationships } from './draw-relationships.ts'
import { kindsOfTargets } from './kinds-of-targets.ts'
import { nodeId } from './node-id.ts'

/** A mapping has a frame, which stands in that of the mapping it extends, where it extends one alone. */
export function drawMappings({ mappings }: Pick<Program, 'mappings'>): Drawing {
  const inside = (outer: Mapping | undefined): readonly Mapping[] =>
    mappings.filter((mapping) => frameAround(mapping) === outer)
  const frame = (mapping: Mapping): DrawnCluster => {
    const { nodes, clusters } = drawScope(mapping, mapping.scope, kindsOfTargets(mapping))
    return {
      lines: describeMapping(mapping),
      nodes: [...nodes, ...drawRelationships(mapping).nodes],
      clusters: [...clusters, ...inside(mapping).map(frame)],
      dashed: mapping.overriddenBy !== undefined,
    }
  }
  return {
    title: 'syncmappings',
    direction: 'right',
    nodes: [],
    clusters: inside(undefined).map(frame),
    edges: mappings.flatMap((mapping) => [
      ...extensionEdges(mapping),
      ...scopeEdges(mapping, mapping.scope),
      ...drawRelationships(mapping).edges,
    ]),
  }
}

function frameAround(mapping: Mapping): Mapping | undefined {
  const extended = new Set(mapping.extends.map((one) => one.mapping))
  const [only, ...others] = extended
  return others.length === 0 && only !== mapping ? only : undefined
}

function describeMapping({ tree, module, overriddenBy }: Mapping): readonly string[] {
  const { name, version } = tree
  return [
    `${name.text} ${version.major}.${version.minor}`,
    module.tree.name.text,
    ...(overriddenBy === undefined ? [] : [`overridden by ${overriddenBy.tree.name.text}`]),
  ]
}

type Kinds = ReadonlyMap<string, readonly CiKind[]>

/** What a scope declares, and what is declared in it; a group has a frame of its own. */
function drawScope(
  mapping: Mapping,
  scope: Scope,
  kinds: Kinds,
): { readonly nodes: readonly DrawnNode[]; readonly clusters: readonly DrawnCluster[] } {
  const inner = [...scope.loops.values()].map((one) => drawScope(mapping, one, kinds))
  const own = [sourceNode(mapping, scope), ...targetNodes(mapping, scope, kinds)]
  return {
    nodes: [...own, ...inner.flatMap(({ nodes }) => nodes)],
    clusters: [
      ...inner.flatMap(({ clusters }) => clusters),
      ...[...scope.groups.values()].map((group) => ({
        ...drawScope(mapping, group, kinds),
        lines: [`group ${group.name.text}`],
      })),
    ],
  }
}

function sourceNode(mapping: Mapping, { kind, name, spec, where }: Scope): DrawnNode {
  const id = nodeId(mapping, name.text)
  const look = { shape: 'round', tone: 'source' } as const
  const condition = whereLine(where)
  switch (kind) {
    case 'mapping': {
      const { source } = mapping.tree
      const line = source.type === 'on' ? `on ${source.kind.text} as ${name.text}` : name.text
      return {
        id,
        lines: [line, ...condition],
        look: { ...look, tone: source.type === 'on' ? 'strong' : 'source' },
      }
    }
    case 'traversal':
      return { id, lines: [`${spec?.kind ?? 'any'} as ${name.text}`, ...condition], look }
    case 'group':
      return { id, lines: ['by its first member'], look: { ...look, tone: 'quiet' } }
    case 'expansion':
      return { id, lines: [`each as ${name.text}`], look: { ...look, tone: 'quiet' } }
  }
}

function targetNodes(mapping: Mapping, { targets }: Scope, kinds: Kinds): readonly DrawnNode[] {
  return [...targets].map(([name, className]) => {
    const marks = (kinds.get(name) ?? []).filter((kind) => kind !== 'own')
    const isElsewhere = marks.some((kind) => kind === 'external' || kind === 'crossref')
    return {
      id: nodeId(mapping, name),
      lines: [className.text, name, ...(marks.length === 0 ? [] : [marks.join(', ')])],
      look: { shape: 'box', tone: 'target', dashed: isElsewhere },
    }
  })
}

function scopeEdges(mapping: Mapping, scope: Scope): readonly DrawnEdge[] {
  const from = nodeId(mapping, scope.name.text)
  const inner = [...scope.loops.values(), ...scope.groups.values()]
  return [
    ...[...scope.targets.keys()].map((name) => ({ from, to: nodeId(mapping, name), lines: [], plain: true })),
    ...inner.map((one) => ({
      from,
      to: nodeId(mapping, one.name.text),
      lines: describeStep(one),
      dashed: one.kind !== 'traversal',
    })),
    ...inner.flatMap((one) => scopeEdges(mapping, one)),
  ]
}

/** `Host:HostedSoftware:RunningSoftware:SoftwareInstance`, and the name of the relationship where it has one. */
function describeStep({ spec, relationship }: Scope): readonly string[] {
  if (spec === undefined) return []
  return [printSpec(spec), ...(relationship === undefined ? [] : [`as ${relationship.text}`])]
}

function extensionEdges(mapping: Mapping): readonly DrawnEdge[] {
  return mapping.extends.map(({ mapping: extended, variable, where }) => ({
    from: nodeId(extended, variable),
    to: nodeId(mapping, mapping.scope.name.text),
    lines: ['extended', ...whereLine(where)],
    dashed: true,
  }))
}

const longestLine = 60

function whereLine(where: Expression | undefined): readonly string[] {
  if (where === undefined) return []
  const text = `where ${printExpression(where).replace(/^\((.*)\)$/, '$1')}`
  return [text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text]
}
