/**
 * What can be wrong with roots that somebody names.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-ROOT-01: a named root does not exist: its source has no such node, or no syncmapping runs for nodes of its kind.
 *
 * Roots are named as the source names their nodes: what stands as `id` in the graph.
 */
export class UnknownRootError extends AnsweredError {
  readonly code = 'SLUICE-ROOT-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  /** @param kinds For which syncmappings run. */
  constructor(
    source: string,
    roots: readonly { readonly root: string; readonly kind: string | null }[],
    kinds: readonly string[],
  ) {
    const each = roots.map(({ root, kind }) =>
      kind === null
        ? `no node "${root}"`
        : `no root "${root}", which is ${kind} (roots are ${kinds.join(', ') || 'none'})`,
    )
    super(`${source} has ${each.join('; ')}.`, {
      remedy: `sluice roots ${source}`,
      details: { source, roots: roots.map(({ root }) => root) },
    })
  }
}

/** SLUICE-ROOT-02: the source is not a graph source, so it has no roots. */
export class NoGraphError extends AnsweredError {
  readonly code = 'SLUICE-ROOT-02'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  /** @param graphs Sources that are. */
  constructor(source: string, graphs: readonly string[]) {
    super(`${source} is not a graph source, so it has no roots.`, {
      remedy:
        graphs.length === 0
          ? 'Only sources with `graph:` have roots, and no source has it.'
          : `Name a source that is a graph: ${graphs.join(', ')}.`,
      details: { source, graphs },
    })
  }
}
