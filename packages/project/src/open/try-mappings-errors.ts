/**
 * Why the mappings of a source cannot be tried.
 *
 * @module
 */
import { nearMatch, SluiceError } from '@sluice/model'

/**
 * SLUICE-PROJECT-14: a mapping was named that the source does not have.
 *
 * The message lists those that there are.
 */
export class NoSuchMappingError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-14'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, name: string, known: readonly string[]) {
    const near = nearMatch(name, known)
    super(`The source "${source}" has no mapping "${name}"; it has ${known.join(', ')}.`, {
      remedy: near === undefined ? 'Name one of them, or none for all.' : `Did you mean "${near}"?`,
      details: { source, name, known },
    })
  }
}

/**
 * SLUICE-PROJECT-15: the source has no files, so that no rows of it can be tried.
 *
 * For a graph source use `sluice mapping run`; for an open table `sluice replicas`.
 */
export class NothingToTryError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-15'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string) {
    super(`The source "${source}" has no mappings of columns: it is a graph, or an open table.`, {
      remedy: 'Of a graph, sluice mapping run shows what comes of a root.',
      details: { source },
    })
  }
}
