/**
 * A drawing as SVG, laid out by Graphviz.
 *
 * The library is loaded with the first picture: it is WebAssembly, and nothing else that a person does waits for it.
 *
 * @module
 */
import type { Drawing } from './drawing.ts'
import { toDot } from './to-dot.ts'

/** The same drawing gives the same text. */
export async function toSvg(drawing: Drawing): Promise<string> {
  const { instance } = await import('@viz-js/viz')
  const graphviz = await instance()
  return graphviz.renderString(toDot(drawing), { format: 'svg', engine: 'dot' })
}
