/**
 * What one root of the stored graph would give by modules that somebody is writing. Nothing is written.
 *
 * @module
 */
import { readResultsOfRoot, readStoredSubgraph } from '@sluice/engine'
import type { GraphModule, TriedRoot } from '@sluice/model'
import { classModelOf, compile, type Diagnostic, reachOf } from '@sluice/syncmapping'
import { Piscina } from 'piscina'
import type { StoredGraph } from '../explain/evaluate-stored.ts'
import { mostItems, type TriedData } from './try-evaluation.ts'

/** Milliseconds: a root takes some. */
const longest = 10_000

/** As `try-evaluation.ts` in the sources, as `try-evaluation.js` where they were compiled. */
const worker = import.meta.url.endsWith('.ts')
  ? new URL('./try-evaluation.ts', import.meta.url)
  : new URL('./try-evaluation.js', import.meta.url)

/** Begins when something is tried, and ends some time after it. */
const pool = new Piscina<TriedData, TriedRoot>({
  filename: worker.href,
  minThreads: 0,
  maxThreads: 2,
  idleTimeout: 60_000,
  // Flags of this process may be such as a thread is not started with.
  execArgv: [],
})

export async function tryRoot(
  { session, source, sourceId, graph, model }: StoredGraph,
  { modules, root }: { readonly modules: readonly GraphModule[]; readonly root: string },
): Promise<TriedRoot> {
  const { program, diagnostics } = compile(modules, classModelOf(model))
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return { state: 'refused', errors: errors.map(errorOf) }
  const subgraph = await readStoredSubgraph(session, {
    sourceId,
    root,
    reach: reachOf(program, graph.dataModel),
  })
  if (subgraph === undefined) return { state: 'gone' }
  const data: TriedData = {
    graph: { ...graph, modules },
    model,
    subgraph,
    stored: await readResultsOfRoot(session, { sourceId, root, limit: mostItems }),
    associations: new Set(source.associations.map(({ name }) => name)),
    now: Date.now(),
  }
  return await evaluated(data)
}

async function evaluated(data: TriedData): Promise<TriedRoot> {
  const signal = AbortSignal.timeout(longest)
  try {
    return await pool.run(data, { name: 'tryEvaluation', signal })
  } catch (error) {
    if (!signal.aborted) throw error
    const message = `Its evaluation had not come to an end after ${longest / 1000} seconds.`
    return { state: 'failed', problem: 'TOO_LONG', message, file: null, line: null, column: null }
  }
}

function errorOf({ message, remedy, file, at }: Diagnostic) {
  const text = remedy === undefined ? message : `${message} ${remedy}`
  return { message: text, file, line: at.line, column: at.column }
}
