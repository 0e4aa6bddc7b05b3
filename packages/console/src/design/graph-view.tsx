/**
 * A graph, drawn; loaded when the first one is shown. Its nodes are buttons, so that keys reach them.
 *
 * @module
 */
import '@xyflow/react/dist/style.css'
import { Center, Loader, useComputedColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import { type ReactNode, useMemo } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { type GraphLayout, layOut, type Route } from './graph-layout.ts'
import classes from './graph-view.module.css'
import { roundedPath } from './rounded-path.ts'

export interface DrawnNode {
  readonly id: string
  readonly title: string
  readonly subtitle: string
  /** Beneath them, one a line. */
  readonly lines?: readonly string[]
  /** The one that it is about. */
  readonly main?: boolean
}

export interface DrawnEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
  /** It is of another kind than the others. */
  readonly dashed?: boolean
}

interface GraphViewProps {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
  readonly label: string
  readonly onOpen: (id: string) => void
  readonly height?: number
  /** Where most lines go; to the right when not given. In a narrow window they go down. */
  readonly flow?: 'RIGHT' | 'DOWN'
}

const nodeWidth = 190
const nodeTypes = { drawn: GraphNode }
const edgeTypes = { routed: RoutedEdge }

export function GraphView({
  nodes,
  edges,
  label,
  onOpen,
  height = 560,
  flow = 'RIGHT',
}: GraphViewProps): ReactNode {
  const scheme = useComputedColorScheme('light')
  const direction = useMediaQuery('(max-width: 48em)') === true ? 'DOWN' : flow
  const sized = useMemo(
    () => nodes.map((node) => ({ ...node, width: nodeWidth, height: heightOf(node) })),
    [nodes],
  )
  const { data: layout, error } = useQuery({
    queryKey: ['layout', sized, edges, direction],
    queryFn: () => layOut(sized, edges, direction),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const drawn = useMemo(() => layout && flowNodes(nodes, layout, onOpen), [nodes, layout, onOpen])
  const lines = useMemo(() => layout && edges.map((edge) => flowEdge(edge, layout)), [edges, layout])
  if (error !== null) return <ErrorNotice error={error} />
  if (drawn === undefined || lines === undefined)
    return (
      <Center h={height} aria-busy="true">
        <Loader size="sm" />
      </Center>
    )
  return (
    <section style={{ height }} aria-label={label} className={classes['graph']}>
      <ReactFlow
        nodes={drawn}
        edges={lines}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={scheme}
        fitView
        fitViewOptions={{ padding: 0.1, maxZoom: 1 }}
        minZoom={0.1}
        nodesFocusable={false}
        nodesDraggable={false}
        edgesFocusable={false}
        nodesConnectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  )
}

type FlowNode = Node<{ readonly node: DrawnNode; readonly onOpen: (id: string) => void }, 'drawn'>

function flowNodes(
  nodes: readonly DrawnNode[],
  { places }: GraphLayout,
  onOpen: (id: string) => void,
): FlowNode[] {
  return nodes.map((node) => ({
    id: node.id,
    type: 'drawn',
    position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) },
    data: { node, onOpen },
  }))
}

type FlowEdge = Edge<{ readonly route: Route }, 'routed'>

function flowEdge({ id, from, to, label, dashed = false }: DrawnEdge, { routes }: GraphLayout): FlowEdge {
  return {
    id,
    type: 'routed',
    source: from,
    target: to,
    label,
    data: { route: routes.get(id) ?? { points: [], label: undefined } },
    markerEnd: { type: MarkerType.ArrowClosed },
    ...(dashed ? { style: { strokeDasharray: '5 4' } } : {}),
  }
}

function RoutedEdge({ data, label, markerEnd, style }: EdgeProps<FlowEdge>): ReactNode {
  const { points = [], label: middle } = data?.route ?? {}
  const at = middle === undefined ? {} : { label, labelX: middle.x, labelY: middle.y }
  return <BaseEdge path={roundedPath(points)} markerEnd={markerEnd} style={style} {...at} />
}

function heightOf({ lines = [] }: DrawnNode): number {
  return 46 + (lines.length === 0 ? 0 : 8 + lines.length * 17)
}

function GraphNode({ data: { node, onOpen } }: NodeProps<FlowNode>): ReactNode {
  const { id, title, subtitle, lines = [], main = false } = node
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes['handle'] ?? ''} />
      <button
        type="button"
        className={`${classes['node']} nopan`}
        data-main={main}
        style={{ width: nodeWidth, height: heightOf(node) }}
        title={`${title} · ${subtitle}`}
        onClick={() => onOpen(id)}
      >
        <span className={classes['title']}>{title}</span>
        <span className={classes['subtitle']}>{subtitle}</span>
        {lines.length > 0 && (
          <span className={classes['lines']}>
            {lines.map((line) => (
              <span key={line} className={classes['line']}>
                {line}
              </span>
            ))}
          </span>
        )}
      </button>
      <Handle type="source" position={Position.Right} className={classes['handle'] ?? ''} />
    </>
  )
}
