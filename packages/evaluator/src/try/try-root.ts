/**
 * What one root of the stored graph would give by modules that somebody is writing. Nothing is written.
 *
 * @module
 */
import { readResultsOfRoot, readSourceId, readStoredSubgraph } from '@sluice/engine'
import type { EntityModel, GraphModule, GraphSource, Source, TriedRoot } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { classModelOf, compile, type Diagnostic, reachOf } from '@sluice/syncmapping'
import { evaluateApart } from './evaluate-apart.ts'
import { mostItems, type TriedData } from './try-evaluation.ts'

/** Milliseconds: a root takes some. */
const longest = 10_000

export interface TryRoot {
  readonly source: Source
  readonly graph: GraphSource
  readonly model: EntityModel
  readonly modules: readonly GraphModule[]
  readonly root: string
}

/** `read`: lends a session; it is given back before anything is evaluated, so that nobody waits for what takes long. */
export async function tryRoot(
  read: <T>(work: (session: Session) => Promise<T>) => Promise<T>,
  of: TryRoot,
): Promise<TriedRoot> {
  const { program, diagnostics } = compile(of.modules, classModelOf(of.model))
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return { state: 'refused', errors: errors.map(errorOf) }
  const reach = reachOf(program, of.graph.dataModel)
  const data = await read((session) => readData(session, of, reach))
  return data === undefined ? { state: 'gone' } : await evaluateApart(data, longest)
}

/** `undefined`: there is no such node. */
async function readData(
  session: Session,
  { source, graph, model, modules, root }: TryRoot,
  reach: ReturnType<typeof reachOf>,
): Promise<TriedData | undefined> {
  const sourceId = await readSourceId(session, source.name)
  if (sourceId === undefined) return undefined
  const subgraph = await readStoredSubgraph(session, { sourceId, root, reach })
  if (subgraph === undefined) return undefined
  return {
    graph: { ...graph, modules },
    model,
    subgraph,
    stored: await readResultsOfRoot(session, { sourceId, root, limit: mostItems }),
    associations: new Set(source.associations.map(({ name }) => name)),
    now: Date.now(),
  }
}

function errorOf({ message, remedy, file, at }: Diagnostic) {
  const text = remedy === undefined ? message : `${message} ${remedy}`
  return { message: text, file, line: at.line, column: at.column }
}
