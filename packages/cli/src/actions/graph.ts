/**
 * `sluice neighbours` and `sluice impact`: the graph that resources, links and references are, around one of them.
 *
 * @module
 */
import { impactRuleOf } from '@sluice/model'
import type { ImpactGraph, Neighbours, RepositoryReader } from '@sluice/project'
import { type Context, repositoryOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatOf, type GraphFlags, greaterLimit, limitOfGraph } from '../graph-options.ts'
import { drawImpact, drawNeighbours } from '../output/draw-graph.ts'
import { formatImpact, formatNeighbours } from '../output/graph-tree.ts'
import type { Colors } from '../output/outlet.ts'
import { UnknownResourceError } from './unknown-resource-error.ts'
import { type Graph, writeGraph } from './write-graph.ts'

export interface NeighboursFlags extends GraphFlags {
  readonly association?: string
  readonly direction: 'out' | 'in' | 'both'
}

export async function neighbours(
  context: Context,
  type: string,
  key: string,
  flags: NeighboursFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { direction, association, depth, by } = flags
  const limit = limitOfGraph(flags)
  const along = association?.split(',').map((name) => name.trim())
  const found = await repository.neighbours(type, key, { depth, by, direction, along, limit })
  if (found === undefined) throw new UnknownResourceError(type, key, 'stored')
  await show(context, flags, found, {
    document: found,
    lines: (colors) => formatNeighbours(found, direction, colors),
    drawing: () => drawNeighbours(found),
  })
  if (found.resources.length === 1) await context.err.line('It has no neighbours.')
  return exitStatus.done
}

export interface ImpactFlags extends GraphFlags {
  readonly upstream?: boolean
  readonly minWeight?: number
}

export async function impact(
  context: Context,
  type: string,
  key: string,
  flags: ImpactFlags,
): Promise<ExitStatus> {
  await using repository = await repositoryOf(context, flags)
  const { upstream = false, minWeight, depth, by } = flags
  const found = await repository.impact(type, key, {
    depth,
    by,
    upstream,
    minWeight,
    limit: limitOfGraph(flags),
  })
  if (found === undefined) throw new UnknownResourceError(type, key, 'stored')
  await show(context, flags, found, {
    document: found,
    lines: (colors) => formatImpact(found, upstream, colors),
    drawing: () => drawImpact(found),
  })
  if (found.resources.length === 1) await context.err.line(await whyNobody(repository, upstream))
  return exitStatus.done
}

async function show(
  context: Context,
  flags: GraphFlags,
  { more, alsoMatching }: Neighbours | ImpactGraph,
  graph: Graph & { readonly lines: (colors: Colors) => Iterable<string> },
): Promise<void> {
  const { err } = context
  await writeGraph(context, flags, formatOf(flags, 'text'), graph)
  const limit = greaterLimit(limitOfGraph(flags))
  if (more)
    await err.line(`… there are more: ${limit === undefined ? 'a smaller --depth' : `--limit ${limit}`}`)
  const others = alsoMatching.map((id) => `#${id}`).join(', ')
  if (others !== '') await err.line(`The same name also fits ${others}.`)
}

async function whyNobody(repository: RepositoryReader, upstream: boolean): Promise<string> {
  const { associations, entityTypes } = await repository.model()
  const references = [...entityTypes.values()].flatMap(({ properties }) => properties)
  const anybody =
    [...associations.values()].some((one) => impactRuleOf(one) !== undefined) ||
    references.some((one) => one.type === 'reference' && one.impact !== undefined)
  const nobody = upstream ? 'It depends on nothing.' : 'Nobody is impacted when it fails.'
  if (anybody) return nobody
  return `${nobody} No association of the model has "impact" in sluice.yaml; see docs/graphs.md.`
}
