/**
 * The roots of sources that are graphs, as people ask about them: what they have made, what one of them reaches, to evaluate some anew.
 *
 * @module
 */
import { type Engine, NoGraphError, type PlanResult, type RetryOptions, readSourceId } from '@sluice/engine'
import type {
  Configuration,
  GraphModule,
  GraphSource,
  RunReport,
  ShownRoot,
  Source,
  SourceModules,
  TriedRoot,
  WantedRoots,
} from '@sluice/model'
import {
  type Database,
  type ExplainedReplica,
  type Explanation,
  readRoot,
  type Session,
} from '@sluice/repository'

export interface SourceRoots {
  /** Adds to what is known of a resource which roots have made it, and by which statements of their mappings. */
  explain(explanation: Explanation): Promise<Explanation>
  /** Its modules, with what they may make and what the stored graph is made of. */
  modules(source: string): Promise<SourceModules>
  /** What a root would give by other texts of the modules. Nothing is written, and what does not come to an end is stopped. */
  try(source: string, tried: TriedModules): Promise<TriedRoot>
  /** A root with what it gives and what it reaches; `undefined`: there is no such node, and nothing is stored of it. */
  show(source: string, root: string): Promise<ShownRoot | undefined>
  /**
   * Evaluates roots anew on the graph that is stored, in a run of its own; `undefined`: there are none of those that are wanted, and nothing is
   * written.
   */
  evaluate(source: string, wanted: WantedRoots, options: RetryOptions): Promise<RunReport | undefined>
  /** What that would do. */
  plan(
    source: string,
    wanted: WantedRoots,
    options: RetryOptions & { readonly sample?: number | undefined },
  ): Promise<PlanResult | undefined>
}

interface TriedModules {
  readonly modules: readonly GraphModule[]
  readonly root: string
}

export interface RootParts {
  readonly database: Database
  readonly configuration: Pick<Configuration, 'sources' | 'model'>
  readonly engine: Pick<Engine, 'evaluate' | 'planEvaluate'>
}

export function sourceRoots({ database, configuration, engine }: RootParts): SourceRoots {
  return {
    explain: async (explanation) => {
      const isMade = ({ source }: ExplainedReplica) => configuration.sources.get(source)?.graph !== undefined
      if (!explanation.replicas.some(isMade)) return explanation
      const replicas = await database.session((session) =>
        explainReplicas(session, configuration, explanation.replicas),
      )
      return { ...explanation, replicas }
    },
    show: async (source, root) => {
      requireGraph(configuration, source)
      const stored = await readRoot(database, source, root)
      const subgraph = await database.session((session) => subgraphOf(session, configuration, source, root))
      if (stored !== undefined) return subgraph === undefined ? stored : { ...stored, subgraph }
      const kind = subgraph?.nodes.find(({ id }) => id === root)?.kind
      return kind === undefined
        ? undefined
        : { root, kind, cis: 0, links: 0, failure: null, gives: [], subgraph }
    },
    modules: async (name) => {
      const { model } = configuration
      const { graph } = requireGraph(configuration, name)
      const { modulesOf } = await import('@sluice/evaluator')
      return await database.session(async (session) =>
        modulesOf({ session, graph, model, sourceId: await readSourceId(session, name) }),
      )
    },
    try: async (name, tried) => {
      const { model } = configuration
      const { source, graph } = requireGraph(configuration, name)
      const { tryRoot } = await import('@sluice/evaluator')
      return await tryRoot((work) => database.session(work), { source, graph, model, ...tried })
    },
    evaluate: (source, wanted, options) => engine.evaluate({ evaluate: { source, wanted } }, options),
    plan: (source, wanted, { sample = 3, ...options }) =>
      engine.planEvaluate({ evaluate: { source, wanted } }, { ...options, sample }),
  }
}

type Configured = RootParts['configuration']

interface GraphOfSource {
  readonly source: Source
  readonly graph: GraphSource
}

function requireGraph({ sources }: Configured, name: string): GraphOfSource {
  const source = sources.get(name)
  if (source?.graph !== undefined) return { source, graph: source.graph }
  const graphs = [...sources.values()].filter(({ graph }) => graph !== undefined)
  throw new NoGraphError(
    name,
    graphs.map(({ name }) => name),
  )
}

/** The graph of a source as it is stored; `undefined`: it is no graph, or nothing of it is stored. */
async function storedGraph(session: Session, { sources, model }: Configured, name: string) {
  const source = sources.get(name)
  if (source?.graph === undefined) return undefined
  const sourceId = await readSourceId(session, name)
  return sourceId === undefined ? undefined : { session, source, sourceId, graph: source.graph, model }
}

async function explainReplicas(
  session: Session,
  configuration: Configured,
  replicas: readonly ExplainedReplica[],
): Promise<readonly ExplainedReplica[]> {
  const { explainMade } = await import('@sluice/evaluator')
  const explained: ExplainedReplica[] = []
  for (const replica of replicas) {
    const stored = await storedGraph(session, configuration, replica.source)
    const made = stored === undefined ? undefined : await explainMade(stored, replica.key)
    explained.push(made === undefined ? replica : { ...replica, made })
  }
  return explained
}

async function subgraphOf(session: Session, configuration: Configured, source: string, root: string) {
  const stored = await storedGraph(session, configuration, source)
  if (stored === undefined) return undefined
  const evaluator = await import('@sluice/evaluator')
  return await evaluator.subgraphOf(stored, root)
}
