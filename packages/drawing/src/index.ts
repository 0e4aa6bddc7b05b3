/**
 * Pictures of graphs.
 *
 * @module
 */
export type { Drawing, DrawnCluster, DrawnEdge, DrawnNode, Look } from './drawing.ts'
export { toDot } from './to-dot.ts'
export { toMermaid } from './to-mermaid.ts'
export { toSvg } from './to-svg.ts'
