/**
 * Writes a graph in the form that was asked for, to standard output or into a file.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Drawing, toDot, toMermaid, toSvg } from '@sluice/drawing'
import picocolors from 'picocolors'
import type { Context } from '../context.ts'
import type { FormatFlags, GraphFormat } from '../graph-options.ts'
import type { Colors } from '../output/outlet.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface Graph {
  /** As JSON. */
  readonly document: unknown
  /** As text, where it has one. */
  readonly lines?: (colors: Colors) => Iterable<string>
  readonly drawing: () => Drawing
}

export async function writeGraph(
  { out, workingFolder }: Context,
  { out: file }: FormatFlags,
  format: GraphFormat,
  graph: Graph,
): Promise<void> {
  if (file === undefined) await out.write(await textOf(graph, format, out.colors))
  else
    await writeNamedFile(
      resolve(workingFolder, file),
      await textOf(graph, format, picocolors.createColors(false)),
    )
}

async function textOf(graph: Graph, format: GraphFormat, colors: Colors): Promise<string> {
  switch (format) {
    case 'text':
      return [...(graph.lines?.(colors) ?? []), ''].join('\n')
    case 'json':
      return `${JSON.stringify(graph.document, undefined, 2)}\n`
    case 'svg':
      return await toSvg(graph.drawing())
    case 'dot':
      return toDot(graph.drawing())
    case 'mermaid':
      return toMermaid(graph.drawing())
  }
}

async function writeNamedFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUsageError(`${path} cannot be written: ${reason}.`, 'Name a file in a folder that exists.')
  }
}
